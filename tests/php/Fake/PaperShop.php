<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\CatalogInventory\Model\StockManagement;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\Mail\Template\TransportBuilder;
use Magento\Framework\Module\Manager;
use Magento\Framework\ObjectManagerInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Email\Sender\InvoiceSender;
use Magento\Sales\Model\Order\Email\Sender\OrderSender;
use Magento\Sales\Model\Order\Invoice;
use Magento\SalesRule\Model\Coupon\UpdateCouponUsages;
use Magento\Store\Model\App\Emulation;
use Magento\Store\Model\StoreManagerInterface;
use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Tests\Objects;

/**
 * The write-back in a shop on paper: the module's own code, the test's database, and as much of Magento as it meets.
 */
final class PaperShop
{
    public readonly PaperOrders $orders;
    public readonly Mailbox $mailbox;
    public readonly Settings $settings;
    public readonly Log $log;

    /** @var list<string> Magento's own mails, the stock and the coupon, in order */
    public array $done = [];

    private readonly Objects $objects;

    public function __construct(public readonly PdoResourceConnection $resource)
    {
        $this->orders = new PaperOrders($resource->getConnection(), $resource->getTableName(''));
        $this->mailbox = new Mailbox();
        $this->settings = new Settings();
        $this->log = new Log();
        $this->objects = new Objects($this->orders->given() + $this->ofMagento() + [
            ResourceConnection::class => $resource,
            EncryptorInterface::class => new ReversingEncryptor(),
            ScopeConfigInterface::class => $this->settings,
            DeploymentConfig::class => new Environment(['crypt/key' => 'k']),
            TransportBuilder::class => $this->mailbox,
            LoggerInterface::class => $this->log,
        ]);
    }

    /**
     * @template T of object
     * @param class-string<T> $type
     * @return T
     */
    public function get(string $type): object
    {
        return $this->objects->get($type);
    }

    public function note(string $done): void
    {
        $this->done[] = $done;
    }

    /**
     * @return array<class-string, object>
     */
    private function ofMagento(): array
    {
        return [
            StoreManagerInterface::class => new class implements StoreManagerInterface {
                public function getStore($storeId = null)
                {
                    return new PaperStore();
                }
            },
            Emulation::class => new class extends Emulation {
                public function __construct()
                {
                }

                public function startEnvironmentEmulation($storeId, $area = 'frontend', $force = false)
                {
                }

                public function stopEnvironmentEmulation()
                {
                }
            },
            Manager::class => new class extends Manager {
                public function __construct()
                {
                }

                public function isEnabled($moduleName)
                {
                    return false;
                }
            },
            ObjectManagerInterface::class => new class implements ObjectManagerInterface {
                public function create($type, array $arguments = [])
                {
                    throw new \LogicException('there is no Inventory here');
                }

                public function get($type)
                {
                    throw new \LogicException('there is no Inventory here');
                }

                public function configure(array $configuration)
                {
                }
            },
            StockManagement::class => new class ($this) extends StockManagement {
                public function __construct(private readonly PaperShop $shop)
                {
                }

                public function registerProductsSale($items, $websiteId = null)
                {
                    $this->shop->note('stock taken');
                }
            },
            UpdateCouponUsages::class => new class ($this) extends UpdateCouponUsages {
                public function __construct(private readonly PaperShop $shop)
                {
                }

                public function execute(
                    \Magento\Sales\Api\Data\OrderInterface $subject,
                    bool $increment
                ): \Magento\Sales\Api\Data\OrderInterface {
                    $this->shop->note($increment ? 'coupon used' : 'coupon given back');
                    return $subject;
                }
            },
            OrderSender::class => new class ($this) extends OrderSender {
                public function __construct(private readonly PaperShop $shop)
                {
                }

                public function send(Order $order, $forceSyncMode = false)
                {
                    $this->shop->note('order confirmed');
                    return true;
                }
            },
            InvoiceSender::class => new class ($this) extends InvoiceSender {
                public function __construct(private readonly PaperShop $shop)
                {
                }

                public function send(Invoice $invoice, $forceSyncMode = false)
                {
                    $this->shop->note('invoice sent');
                    return true;
                }
            },
        ];
    }
}
