<?php

/**
 * A line to the broker that falls silent: answers of the broker are held back while a file is there.
 *
 * Arguments: the broker's host and port, the file. It says the port that it listens on, and ends when its input does.
 */

declare(strict_types=1);

[, $host, $port, $file] = $argv;
$server = stream_socket_server('tcp://127.0.0.1:0');
echo substr(strrchr(stream_socket_get_name($server, false), ':'), 1), "\n";
$pairs = [];
while (true) {
    $readable = [STDIN, $server];
    foreach ($pairs as [$client, $broker]) {
        $readable[] = $client;
        if (!file_exists($file)) {
            $readable[] = $broker;
        }
    }
    $none = null;
    stream_select($readable, $none, $none, 0, 20_000);
    if (in_array(STDIN, $readable, true) && fgets(STDIN) === false) {
        exit(0);
    }
    if (in_array($server, $readable, true)) {
        $pairs[] = [stream_socket_accept($server), stream_socket_client("tcp://$host:$port")];
    }
    foreach ($pairs as $number => [$client, $broker]) {
        foreach ([[$client, $broker], [$broker, $client]] as [$from, $to]) {
            if (!in_array($from, $readable, true)) {
                continue;
            }
            $data = fread($from, 65536);
            if ($data === '' || $data === false) {
                fclose($client);
                fclose($broker);
                unset($pairs[$number]);
                continue 2;
            }
            fwrite($to, $data);
        }
    }
}
