# In place of the official image of NATS where no registry is reached: the same program in the same place.
FROM scratch
COPY nats-server /nats-server
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/
EXPOSE 4222 6222 8222
ENTRYPOINT ["/nats-server"]
