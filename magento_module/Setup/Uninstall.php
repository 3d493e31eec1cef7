<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Setup;

use Magento\Framework\Setup\ModuleContextInterface;
use Magento\Framework\Setup\SchemaSetupInterface;
use Magento\Framework\Setup\UninstallInterface;
use Sidecar\Stripe\WriteBack\Ledger;
use Sidecar\Stripe\WriteBack\RefundLinks;

/**
 * Takes away the module's tables and settings: `bin/magento module:uninstall --remove-data Sidecar_Stripe`.
 *
 * The status of failed payments goes with its patch. Orders, invoices, credit memos and what stands in their payments
 * stay: they are the shop's books. So do roles and integrations that were allowed the module's resources.
 */
class Uninstall implements UninstallInterface
{
    private const TABLES = [Ledger::TABLE, RefundLinks::TABLE, 'sidecar_outbox', 'sidecar_relay'];
    private const SETTINGS = ['sidecar_stripe/%', 'payment/sidecar_stripe/%'];

    public function uninstall(SchemaSetupInterface $setup, ModuleContextInterface $context): void
    {
        $setup->startSetup();
        $connection = $setup->getConnection();
        foreach (self::TABLES as $table) {
            $connection->dropTable($setup->getTable($table));
        }
        foreach (self::SETTINGS as $path) {
            $connection->delete($setup->getTable('core_config_data'), ['path LIKE ?' => $path]);
        }
        $setup->endSetup();
    }
}
