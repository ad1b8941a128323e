package main

import (
	"fmt"
	"io"
	"net"
	"time"
)

// checkMQTT connects with MQTT 3.1.1 and leaves again. A refused login is an error.
func checkMQTT(address, user, password string) error {
	connection, err := net.DialTimeout("tcp", address, attempt)
	if err != nil {
		return err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(attempt))
	if _, err := connection.Write(mqttConnect("standin", user, password)); err != nil {
		return err
	}
	answer := make([]byte, 4)
	if _, err := io.ReadFull(connection, answer); err != nil {
		return fmt.Errorf("no answer to CONNECT: %w", err)
	}
	if answer[0] != 0x20 || answer[3] != 0 {
		return fmt.Errorf("the broker refuses user %q with code %d", user, answer[3])
	}
	_, _ = connection.Write([]byte{0xe0, 0})
	return nil
}

func mqttConnect(client, user, password string) []byte {
	flags := byte(0x02) // clean session
	payload := mqttString(client)
	if user != "" {
		flags |= 0x80
		payload = append(payload, mqttString(user)...)
		if password != "" {
			flags |= 0x40
			payload = append(payload, mqttString(password)...)
		}
	}
	body := append(mqttString("MQTT"), 4, flags, 0, 10)
	body = append(body, payload...)
	packet := []byte{0x10}
	for length := len(body); ; {
		digit := byte(length % 128)
		length /= 128
		if length > 0 {
			digit |= 0x80
		}
		packet = append(packet, digit)
		if length == 0 {
			break
		}
	}
	return append(packet, body...)
}

func mqttString(text string) []byte {
	return append([]byte{byte(len(text) >> 8), byte(len(text))}, text...)
}
