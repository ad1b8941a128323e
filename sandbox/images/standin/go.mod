module homelab/standin

go 1.24
