<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Setup\Patch\Data;

use Magento\Framework\Setup\ModuleDataSetupInterface;
use Magento\Framework\Setup\Patch\DataPatchInterface;
use Magento\Framework\Setup\Patch\PatchRevertableInterface;
use Magento\Sales\Model\Order;
use Sidecar\Stripe\WriteBack\Effect\RecordFailure;

/**
 * Adds the status `payment_failed` to the state `pending_payment`, and takes it away with the module.
 *
 * A status of this name that the shop has already stays as it is, with its label.
 */
class AddPaymentFailedStatus implements DataPatchInterface, PatchRevertableInterface
{
    private const LABEL = 'Payment Failed';

    public function __construct(private readonly ModuleDataSetupInterface $setup)
    {
    }

    public static function getDependencies(): array
    {
        return [];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): self
    {
        $connection = $this->setup->getConnection();
        $known = $connection->fetchOne(
            'SELECT COUNT(*) FROM ' . $this->table('sales_order_status') . ' WHERE status = ?',
            [RecordFailure::STATUS]
        );
        if (!$known) {
            $connection->insert($this->setup->getTable('sales_order_status'), [
                'status' => RecordFailure::STATUS,
                'label' => self::LABEL,
            ]);
        }
        $connection->insertOnDuplicate($this->setup->getTable('sales_order_status_state'), [
            'status' => RecordFailure::STATUS,
            'state' => Order::STATE_PENDING_PAYMENT,
            'is_default' => 0,
            'visible_on_front' => 1,
        ], ['visible_on_front']);
        return $this;
    }

    /**
     * Orders that have the status get the usual one of their state, or nobody would see what they wait for.
     */
    public function revert(): void
    {
        $connection = $this->setup->getConnection();
        $has = ['status = ?' => RecordFailure::STATUS];
        foreach (['sales_order', 'sales_order_grid'] as $table) {
            $connection->update(
                $this->setup->getTable($table),
                ['status' => Order::STATE_PENDING_PAYMENT],
                $has
            );
        }
        $connection->delete($this->setup->getTable('sales_order_status_state'), $has);
        $connection->delete($this->setup->getTable('sales_order_status'), $has);
    }

    private function table(string $name): string
    {
        return $this->setup->getConnection()->quoteIdentifier($this->setup->getTable($name));
    }
}
