<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\TestDatabase;
use Sidecar\Stripe\WriteBack\NotNow;
use Sidecar\Stripe\WriteBack\RefundLink;
use Sidecar\Stripe\WriteBack\RefundLinks;
use Sidecar\Stripe\WriteBack\RefundStatus;

final class RefundLinksTest extends TestCase
{
    private RefundLinks $links;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->links = new RefundLinks(TestDatabase::resource());
    }

    public function testARefundIsFoundWithItsMemo(): void
    {
        $link = $this->link('re_1', 7);
        $this->links->add($link, 'main', 'test', 'USD');
        self::assertEquals($link, $this->links->find('main', 'test', 're_1'));
    }

    public function testARefundIsOfItsAccountAndMode(): void
    {
        $this->links->add($this->link('re_1', 7), 'main', 'test', 'USD');
        self::assertNull($this->links->find('main', 'live', 're_1'));
        self::assertNull($this->links->find('wholesale', 'test', 're_1'));
        self::assertNull($this->links->find('main', 'test', 'RE_1'));
        $this->links->add($this->link('re_1', 8), 'main', 'live', 'USD');
    }

    public function testARefundIsLinkedOnce(): void
    {
        $this->links->add($this->link('re_1', 7), 'main', 'test', 'USD');
        $this->expectException(NotNow::class);
        $this->links->add($this->link('re_1', 8), 'main', 'test', 'USD');
    }

    public function testAMemosRefundsComeInOrderAndNoOthersWithThem(): void
    {
        $this->links->add($this->link('re_2', 7), 'main', 'test', 'USD');
        $this->links->add($this->link('re_3', 8), 'main', 'test', 'USD');
        $this->links->add($this->link('re_1', 7), 'main', 'test', 'USD');
        self::assertSame(['re_2', 're_1'], array_map(
            static fn (RefundLink $link): string => $link->refundId,
            $this->links->ofCreditmemo(7)
        ));
    }

    public function testTheStatusOfOneRefundChanges(): void
    {
        $this->links->add($this->link('re_1', 7), 'main', 'test', 'USD');
        $this->links->add($this->link('re_2', 7), 'main', 'test', 'USD');
        $this->links->setStatus('main', 'test', 're_1', RefundStatus::Failed);
        self::assertSame([RefundStatus::Failed, RefundStatus::Pending], array_map(
            static fn (RefundLink $link): RefundStatus => $link->status,
            $this->links->ofCreditmemo(7)
        ));
    }

    private function link(string $refundId, int $creditmemoId): RefundLink
    {
        return new RefundLink($refundId, 42, $creditmemoId, '12.3400', RefundStatus::Pending);
    }
}
