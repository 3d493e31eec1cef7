<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Magento\Framework\App\ResourceConnection;

/**
 * There is an integration whose token lets the sidecar write payments back.
 *
 * Sources: `integration.status`, `authorization_role.user_type` and `oauth_token.type` as Magento\Integration and
 * Magento\Authorization write them.
 */
final class IntegrationToken implements Check
{
    private const ALLOWED = ['Sidecar_Stripe::payments', 'Magento_Backend::all'];

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function name(): string
    {
        return 'integration';
    }

    public function look(): Finding
    {
        $connection = $this->resource->getConnection();
        $names = $connection->fetchCol(
            sprintf(
                'SELECT DISTINCT integration.name FROM %s integration'
                . ' JOIN %s role ON role.user_type = 1 AND role.user_id = integration.integration_id'
                . " JOIN %s rule ON rule.role_id = role.role_id AND rule.permission = 'allow'"
                . ' AND rule.resource_id IN (?, ?)'
                . ' JOIN %s token ON token.consumer_id = integration.consumer_id'
                . " AND token.type = 'access' AND token.revoked = 0"
                . ' WHERE integration.status = 1 ORDER BY integration.name',
                ...array_map(
                    fn (string $table): string => $connection->quoteIdentifier($this->resource->getTableName($table)),
                    ['integration', 'authorization_role', 'authorization_rule', 'oauth_token']
                )
            ),
            self::ALLOWED
        );
        return $names === []
            ? Finding::wrong(
                'no active integration may record payments',
                'make one under System > Integrations, with the resources of "Stripe Sidecar"'
            )
            : Finding::well(implode(', ', $names));
    }
}
