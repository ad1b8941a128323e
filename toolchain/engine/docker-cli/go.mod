module homelab.local/docker-cli

go 1.26
