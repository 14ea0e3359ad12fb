// peer.go - what scanners in Go do at the least, with its standard library
//
//	peer endpoints LIST CA GOROUTINES LIMIT_S
//	peer files LIST GOROUTINES
//
// endpoints: a verified handshake each; every certificate is read. files: every
// certificate of each file. It prints good=N.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var sum int64

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}

func lines(path string) []string {
	f, err := os.Open(path)
	must(err)
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

func read(c *x509.Certificate) {
	print := sha256.Sum256(c.Raw)
	days := int64(time.Until(c.NotAfter).Hours() / 24)
	atomic.AddInt64(&sum, days+int64(print[0])+int64(len(c.DNSNames))+
		int64(len(c.Subject.CommonName)))
}

func endpoint(line string, roots *x509.CertPool, limit time.Duration) bool {
	part := strings.Fields(line)
	d := net.Dialer{Timeout: limit, Deadline: time.Now().Add(limit)}
	c, err := tls.DialWithDialer(&d, "tcp", part[0]+":"+part[1],
		&tls.Config{RootCAs: roots, ServerName: part[2]})
	if err != nil {
		return false
	}
	defer c.Close()
	for _, x := range c.ConnectionState().PeerCertificates {
		read(x)
	}
	return true
}

func file(path string) bool {
	data, err := os.ReadFile(path)
	must(err)
	n := 0
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return n > 0
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return false
		}
		read(c)
		n++
	}
}

func each(all []string, many int, look func(string) bool) {
	var wait sync.WaitGroup
	var next, good int64
	for i := 0; i < many; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for {
				k := int(atomic.AddInt64(&next, 1)) - 1
				if k >= len(all) {
					return
				}
				if look(all[k]) {
					atomic.AddInt64(&good, 1)
				}
			}
		}()
	}
	wait.Wait()
	fmt.Printf("good=%d\n", good)
}

func main() {
	all := lines(os.Args[2])
	many, err := strconv.Atoi(os.Args[len(os.Args)-1])
	must(err)
	if os.Args[1] == "files" {
		each(all, many, file)
		return
	}
	pem, err := os.ReadFile(os.Args[3])
	must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	limit := time.Duration(many) * time.Second
	many, err = strconv.Atoi(os.Args[4])
	must(err)
	each(all, many, func(line string) bool {
		return endpoint(line, roots, limit)
	})
}
