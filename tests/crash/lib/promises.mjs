// What a server has been asked and what it has promised: the client's own memory, which outlives
// every server and is what a restarted one is held against.
export class Promises {
  constructor() {
    this.orders = new Map(); // by orderLinkId
    this.acknowledged = 0; // answers that promised something
    this.onAcknowledgement = () => {};
    this.surprises = []; // answers that no request should have got
    this.closedRows = new Map(); // rows of orders that had ended when they were last seen
    this.executionRows = new Map(); // by execId and side of the book
  }

  sent(order) {
    this.orders.set(order.orderLinkId, { ...order, state: 'sent' });
  }

  accepted(orderLinkId, orderId) {
    const order = this.orders.get(orderLinkId);
    order.state = 'accepted';
    order.orderId = orderId;
    this.#count();
  }

  refused(orderLinkId) {
    this.orders.get(orderLinkId).state = 'refused';
    this.#count();
  }

  cancelled(orderLinkId) {
    this.orders.get(orderLinkId).cancelled = true;
    this.#count();
  }

  // Accepted limit orders that may still rest.
  resting(account, category) {
    return [...this.orders.values()].filter(
      (order) =>
        order.account === account &&
        order.category === category &&
        order.state === 'accepted' &&
        order.body.orderType === 'Limit' &&
        !order.cancelled &&
        !this.closedRows.has(order.orderLinkId),
    );
  }

  #count() {
    ++this.acknowledged;
    this.onAcknowledgement(this.acknowledged);
  }
}
