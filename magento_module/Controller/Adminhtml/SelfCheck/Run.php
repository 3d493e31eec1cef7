<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Controller\Adminhtml\SelfCheck;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\Result\JsonFactory;
use Magento\Framework\Controller\ResultInterface;
use Sidecar\Stripe\Check\SelfCheck;

/**
 * Runs the self-check for the page of the settings.
 */
class Run extends Action implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Sidecar_Stripe::config';

    public function __construct(
        Context $context,
        private readonly SelfCheck $selfCheck,
        private readonly JsonFactory $answers
    ) {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        $lines = [];
        foreach ($this->selfCheck->run() as $name => $finding) {
            $lines[] = ['name' => $name, 'level' => $finding->level, 'text' => $finding->text];
        }
        return $this->answers->create()->setData($lines);
    }
}
