<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\TestBroker;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * @requires extension openssl
 */
final class TlsTest extends TestCase
{
    private string $certificate;

    /** @var resource */
    private $line;

    /** @var array<int, resource> */
    private array $pipes = [];
    private string $port;
    private TestBroker $broker;
    private Scene $scene;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->scene = new Scene();
        $this->broker = new TestBroker();
        $this->broker->declareExchange();
        $this->broker->bind('all', '#');
        $this->certificate = $this->certificate();
        $url = TestBroker::url();
        $command = [PHP_BINARY, __DIR__ . '/tls_line.php', $url['host'], (string) $url['port'], $this->certificate];
        $this->line = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $this->pipes);
        $this->port = trim((string) fgets($this->pipes[1]));
    }

    protected function tearDown(): void
    {
        fclose($this->pipes[0]);
        proc_close($this->line);
        unlink($this->certificate);
        $this->broker->removeAll();
    }

    public function testEventsAreBroughtOverTls(): void
    {
        $this->scene->event('order/1');
        $report = $this->scene->relay($this->withTls(['cafile' => $this->certificate]));
        self::assertNull($report->failure);
        self::assertCount(1, $this->broker->drain('all'));
    }

    public function testABrokerThatNobodyVouchesForGetsNoPassword(): void
    {
        $this->scene->event('order/1');
        $report = $this->scene->relay($this->withTls([]));
        self::assertNotNull($report->failure);
        self::assertSame('pending', $this->scene->rows()[0]['state']);
        self::assertSame([], $this->broker->drain('all'));
    }

    /**
     * As `bin/magento setup:install --amqp-ssl=true` writes it.
     *
     * @param array<string, string> $options
     * @return array<string, mixed>
     */
    private function withTls(array $options): array
    {
        return ['host' => '127.0.0.1', 'port' => $this->port, 'ssl' => 'true', 'ssl_options' => $options];
    }

    /**
     * A file with a certificate for this machine, which vouches for itself, and its key.
     */
    private function certificate(): string
    {
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
        $request = openssl_csr_new(['commonName' => '127.0.0.1'], $key);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 1), $text);
        openssl_pkey_export($key, $secret);
        $file = tempnam(sys_get_temp_dir(), 'certificate');
        file_put_contents($file, $text . $secret);
        return $file;
    }
}
