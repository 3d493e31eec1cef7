<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * A payment that exists in Stripe: what `authorization` and `capture` record.
 *
 * The fields are described in docs/magento-rest.md. What is not required gives null where there is no value.
 *
 * @api
 */
interface PaymentInterface
{
    /**
     * The Stripe account, by the sidecar's name for it.
     *
     * @return string
     */
    public function getAccount();

    /**
     * The Stripe account, by the sidecar's name for it.
     *
     * @param string $account
     * @return $this
     */
    public function setAccount($account);

    /**
     * `test` or `live`.
     *
     * @return string
     */
    public function getMode();

    /**
     * `test` or `live`.
     *
     * @param string $mode
     * @return $this
     */
    public function setMode($mode);

    /**
     * `pi_…`; the payment's key.
     *
     * @return string
     */
    public function getPaymentIntentId();

    /**
     * `pi_…`; the payment's key.
     *
     * @param string $paymentIntentId
     * @return $this
     */
    public function setPaymentIntentId($paymentIntentId);

    /**
     * `ch_…`.
     *
     * @return string|null
     */
    public function getChargeId();

    /**
     * `ch_…`.
     *
     * @param string|null $chargeId
     * @return $this
     */
    public function setChargeId($chargeId);

    /**
     * What was reserved or taken, in order currency: a decimal.
     *
     * @return string
     */
    public function getAmount();

    /**
     * What was reserved or taken, in order currency: a decimal.
     *
     * @param string $amount
     * @return $this
     */
    public function setAmount($amount);

    /**
     * The order's currency, ISO 4217.
     *
     * @return string
     */
    public function getCurrency();

    /**
     * The order's currency, ISO 4217.
     *
     * @param string $currency
     * @return $this
     */
    public function setCurrency($currency);

    /**
     * Stripe's name of the kind of payment, such as `card`.
     *
     * @return string|null
     */
    public function getMethodType();

    /**
     * Stripe's name of the kind of payment, such as `card`.
     *
     * @param string|null $methodType
     * @return $this
     */
    public function setMethodType($methodType);

    /**
     * Stripe's name of the card's brand, such as `visa`.
     *
     * @return string|null
     */
    public function getCardBrand();

    /**
     * Stripe's name of the card's brand, such as `visa`.
     *
     * @param string|null $cardBrand
     * @return $this
     */
    public function setCardBrand($cardBrand);

    /**
     * The card's last four digits.
     *
     * @return string|null
     */
    public function getCardLast4();

    /**
     * The card's last four digits.
     *
     * @param string|null $cardLast4
     * @return $this
     */
    public function setCardLast4($cardLast4);

    /**
     * The wallet that the card was in, such as `apple_pay`.
     *
     * @return string|null
     */
    public function getWallet();

    /**
     * The wallet that the card was in, such as `apple_pay`.
     *
     * @param string|null $wallet
     * @return $this
     */
    public function setWallet($wallet);

    /**
     * Stripe Radar's word for the risk.
     *
     * @return string|null
     */
    public function getRiskLevel();

    /**
     * Stripe Radar's word for the risk.
     *
     * @param string|null $riskLevel
     * @return $this
     */
    public function setRiskLevel($riskLevel);

    /**
     * Stripe Radar's risk, from 0 to 100.
     *
     * @return int|null
     */
    public function getRiskScore();

    /**
     * Stripe Radar's risk, from 0 to 100.
     *
     * @param int|null $riskScore
     * @return $this
     */
    public function setRiskScore($riskScore);
}
