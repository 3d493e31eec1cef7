<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\Mail\Template\TransportBuilder;
use Magento\Framework\Mail\TransportInterface;

/**
 * Keeps the mails that are sent, as they were ordered: nothing is made of the template.
 */
final class Mailbox extends TransportBuilder
{
    /** @var list<array{template: string, to: string, variables: array<string, mixed>, sender: string, store: int}> */
    public array $mails = [];

    /** Whether the mail server takes mails. */
    public bool $works = true;

    /** @var array<string, mixed> */
    private array $next = [];

    public function __construct()
    {
    }

    public function setTemplateIdentifier($templateIdentifier)
    {
        $this->next['template'] = $templateIdentifier;
        return $this;
    }

    public function setTemplateOptions($templateOptions)
    {
        $this->next['store'] = $templateOptions['store'];
        return $this;
    }

    public function setTemplateVars($templateVars)
    {
        $this->next['variables'] = $templateVars;
        return $this;
    }

    public function setFromByScope($from, $scopeId = null)
    {
        $this->next['sender'] = $from;
        return $this;
    }

    public function addTo($address, $name = '')
    {
        $this->next['to'] = $address;
        return $this;
    }

    public function getTransport()
    {
        return new class ($this, $this->next) implements TransportInterface {
            /**
             * @param array<string, mixed> $mail
             */
            public function __construct(private readonly Mailbox $mailbox, private readonly array $mail)
            {
            }

            public function sendMessage()
            {
                if (!$this->mailbox->works) {
                    throw new \RuntimeException('ada@example.com: the server takes no mail');
                }
                $this->mailbox->mails[] = $this->mail;
            }
        };
    }
}
