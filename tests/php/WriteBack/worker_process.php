<?php

/**
 * A PHP process of its own, with a connection of its own. Arguments: the job, and the ids of orders.
 *
 * `capture`   records a capture of each order, by PaymentIntents that are named after the orders
 * `deadlock`  locks the first order and then the second
 */

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Sidecar\Stripe\Api\OrderWriteBackInterface;
use Sidecar\Stripe\Tests\Fake\PaperShop;
use Sidecar\Stripe\Tests\TestDatabase;
use Sidecar\Stripe\WriteBack\Body\Payment;
use Sidecar\Stripe\WriteBack\NotNow;
use Sidecar\Stripe\WriteBack\OrderLock;

require dirname(__DIR__) . '/bootstrap.php';

$job = $argv[1];
$orders = array_map('intval', array_slice($argv, 2));
$resource = TestDatabase::resource();
$connection = $resource->getConnection();
echo "ready\n";
fgets(STDIN);
if ($job === 'deadlock') {
    try {
        (new OrderLock($resource))->holding($orders[0], static function () use ($connection, $orders): void {
            $connection->update('mg_sales_order', ['status' => 'half'], ['entity_id = ?' => $orders[0]]);
            $connection->query("SELECT 1 FROM mg_sales_order WHERE entity_id = {$orders[1]} FOR UPDATE");
        });
        echo "done\n";
    } catch (NotNow $problem) {
        echo "{$problem->getHttpCode()} {$problem->getMessage()}\n";
    }
    echo "level {$connection->getTransactionLevel()}\n";
    exit;
}
$shop = new PaperShop($resource);
foreach ($orders as $orderId) {
    $answer = $shop->get(OrderWriteBackInterface::class)->capture($orderId, Exchange::body(Payment::class, [
        'account' => 'main',
        'mode' => 'test',
        'payment_intent_id' => "pi_$orderId",
        'amount' => '87.48',
        'currency' => 'USD',
    ]));
    echo "{$answer->getOutcome()} {$answer->getOrderId()} {$answer->getInvoiceId()} {$answer->getState()}\n";
}
