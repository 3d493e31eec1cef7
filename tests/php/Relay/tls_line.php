<?php

/**
 * A line to the broker with TLS, as a load balancer in front of it has. One connection at a time.
 *
 * Arguments: the broker's host and port, the file with certificate and key. It says the port that it listens on, and
 * ends when its input does.
 */

declare(strict_types=1);

[, $host, $port, $certificate] = $argv;
$context = stream_context_create(['ssl' => ['local_cert' => $certificate]]);
$server = stream_socket_server('tcp://127.0.0.1:0', context: $context);
echo substr(strrchr(stream_socket_get_name($server, false), ':'), 1), "\n";
while (true) {
    $readable = [STDIN, $server];
    $none = null;
    stream_select($readable, $none, $none, null);
    if (in_array(STDIN, $readable, true)) {
        exit(0);
    }
    $client = stream_socket_accept($server);
    if (@stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER) !== true) {
        fclose($client);
        continue;
    }
    $broker = stream_socket_client("tcp://$host:$port");
    stream_set_blocking($client, false);
    while (true) {
        $readable = [$client, $broker];
        stream_select($readable, $none, $none, null);
        foreach ([[$client, $broker], [$broker, $client]] as [$from, $to]) {
            if (in_array($from, $readable, true)) {
                fwrite($to, (string) fread($from, 65536));
            }
        }
        if (feof($client) || feof($broker)) {
            break;
        }
    }
    fclose($client);
    fclose($broker);
}
