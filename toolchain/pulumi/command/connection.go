package command

import (
	"github.com/pulumi/pulumi-go-provider/infer"
)

const (
	defaultUser           = "root"
	defaultPort           = 22
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15
)

// ConnectionBase is how to reach one ssh server and who to be there.
type ConnectionBase struct {
	AgentSocketPath *string `pulumi:"agentSocketPath,optional"`
	// Failed dials before giving up; -1 for no limit.
	DialErrorLimit *int    `pulumi:"dialErrorLimit,optional"`
	Host           string  `pulumi:"host"`
	HostKey        *string `pulumi:"hostKey,optional"`
	Password       *string `pulumi:"password,optional" provider:"secret"`
	// Seconds; -1 for no limit.
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	Port               *float64 `pulumi:"port,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	User               *string  `pulumi:"user,optional"`
}

// ProxyConnection is a server to go through.
type ProxyConnection struct {
	ConnectionBase
}

// Connection is the server that runs the command or gets the file.
type Connection struct {
	ConnectionBase
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

func (c *Connection) Annotate(a infer.Annotator) {
	a.SetToken("remote", "Connection")
	a.Describe(&c, "Instructions for how to connect to a remote endpoint.")
	a.Describe(&c.Proxy, "The connection settings for the bastion/proxy host.")
	c.annotate(a)
}

func (c *ProxyConnection) Annotate(a infer.Annotator) {
	a.SetToken("remote", "ProxyConnection")
	a.Describe(&c, "Instructions for how to connect to a remote endpoint via a bastion host.")
	c.annotate(a)
}

func (c *ConnectionBase) annotate(a infer.Annotator) {
	a.SetDefault(&c.User, defaultUser)
	a.SetDefault(&c.Port, defaultPort)
	a.SetDefault(&c.DialErrorLimit, defaultDialErrorLimit)
	a.SetDefault(&c.PerDialTimeout, defaultPerDialTimeout)
}

func valueOr[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}
