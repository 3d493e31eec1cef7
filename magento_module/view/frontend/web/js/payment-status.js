/**
 * Asks the shop how a payment stands and shows the answer, until nothing can change any more.
 *
 * It asks soon at first and then ever more seldom, not at all while the page is out of sight, and as late as the server
 * wishes when that is busy.
 */
define([], function () {
    'use strict';

    var OPEN = ['waiting', 'action_required', 'failed'],
        FIRST_WAIT = 1000,
        GROWTH = 1.5,
        LONGEST_WAIT = 15000,
        // With the button in sight, a change is the shopper's own doing in another window.
        WAIT_FOR_SHOPPER = 10000,
        // How long what the shopper did at Stripe may take to get here, before they are asked to pay again.
        GRACE = 20000,
        LONGER_THAN_USUAL = 30000,
        GIVE_UP = 20 * 60 * 1000;

    /**
     * @param {Number} milliseconds
     * @return {Number} the same, give or take a fifth: pages that were opened together do not ask together
     */
    function jittered(milliseconds) {
        return milliseconds * (0.8 + 0.4 * Math.random());
    }

    /**
     * @param {Response} response
     * @return {Number} milliseconds that the server wants to be left alone, 0 if it does not say
     */
    function retryAfter(response) {
        var seconds = parseInt(response.headers.get('Retry-After'), 10);

        return seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
    }

    return function (config, element) {
        var opened = Date.now(),
            asksSince = opened,
            wait = FIRST_WAIT,
            timer = null,
            isForwarding = false;

        /**
         * @param {String} role
         * @return {Element}
         */
        function part(role) {
            return element.querySelector('[data-role="' + role + '"]');
        }

        /**
         * @param {Object} status the shop's answer
         */
        function show(status) {
            var isOpen = OPEN.indexOf(status.state) !== -1,
                isNews = status.state !== config.state,
                isChecking = config.comesBack && isOpen && !isNews && Date.now() - opened < GRACE,
                shown = isChecking ? 'checking' : status.state,
                pay = part('pay'),
                message = part('message');

            element.setAttribute('data-state', shown);
            element.querySelectorAll('[data-shown]').forEach(function (sentence) {
                sentence.hidden = sentence.getAttribute('data-shown') !== shown;
            });
            message.textContent = status.message || '';
            message.hidden = shown !== 'failed' || !status.message;
            part('later').hidden = shown !== 'waiting' || Date.now() - opened < LONGER_THAN_USUAL;
            pay.hidden = !isOpen || isChecking || !status.url;

            if (status.url) {
                pay.href = status.url;
            }

            if (config.forward && !isForwarding && status.state === 'action_required' && status.url) {
                isForwarding = true;
                part('forwarding').hidden = false;
                window.location.assign(status.url);
            }
        }

        /**
         * @param {Number} milliseconds
         */
        function askIn(milliseconds) {
            clearTimeout(timer);

            if (Date.now() - asksSince > GIVE_UP) {
                return;
            }
            timer = setTimeout(ask, jittered(milliseconds)); // eslint-disable-line no-use-before-define
        }

        /**
         * Ask once, and say when to ask again.
         */
        function ask() {
            if (document.hidden) {
                return;
            }
            fetch(config.resource, {
                headers: {
                    Accept: 'application/json'
                },
                cache: 'no-store',
                credentials: 'omit'
            }).then(function (response) {
                wait = Math.min(wait * GROWTH, LONGEST_WAIT);

                if (response.status === 404) {
                    return;
                }

                if (!response.ok) {
                    askIn(Math.max(wait, retryAfter(response)));

                    return;
                }

                return response.json().then(function (status) {
                    show(status);

                    if (OPEN.indexOf(status.state) !== -1) {
                        askIn(part('pay').hidden ? wait : Math.max(wait, WAIT_FOR_SHOPPER));
                    }
                });
            }).catch(function () {
                wait = Math.min(wait * GROWTH, LONGEST_WAIT);
                askIn(wait);
            });
        }

        document.addEventListener('visibilitychange', function () {
            if (!document.hidden) {
                // They may come back from the payment page in another tab.
                wait = FIRST_WAIT;
                asksSince = Date.now();
                askIn(0);
            }
        });
        askIn(config.forward || config.comesBack ? FIRST_WAIT / 2 : FIRST_WAIT);
    };
});
