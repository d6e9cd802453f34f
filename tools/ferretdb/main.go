// Command ferretdb serves the MongoDB wire protocol from a folder, for tests on machines without Docker.
// It listens on a free loopback port, prints its URL as the first line of standard output, and ends when
// standard input closes, so that it cannot outlive the test that started it. With -listen it is a server
// like any other: it listens there and ends when it is told to.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	folder := flag.String("folder", "", "an existing folder for the data")
	listen := flag.String("listen", "", "host and port; a free loopback port when empty")
	flag.Parse()
	if *folder == "" {
		fail("say where the data goes: -folder PATH")
	}

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: cmp.Or(*listen, "127.0.0.1:0")},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + *folder + "/",
	})
	if err != nil {
		fail(err.Error())
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *listen == "" {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}

	go fmt.Println(server.MongoDBURI())
	if err := server.Run(ctx); err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "ferretdb:", why)
	os.Exit(1)
}
