module homelab.local/cadvisor

go 1.26
