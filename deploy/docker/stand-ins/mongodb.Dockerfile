# In place of MongoDB where its image cannot be had: a server that speaks MongoDB's protocol (tools/ferretdb). For tests.
FROM scratch
COPY ferretdb /ferretdb
EXPOSE 27017
ENTRYPOINT ["/ferretdb"]
