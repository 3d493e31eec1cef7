"""Starts Debian's RabbitMQ and MariaDB as private instances: loopback ports, own data, own passwords."""
