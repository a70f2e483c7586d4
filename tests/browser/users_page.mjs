// The pages of examples/users as a test speaks of them.

export class UsersPage {
  constructor(page) {
    this.page = page;
    this.form = page.locator('form#user-form');
    this.count = page.locator('#user-count');
    this.search = page.locator('#q');
    this.rows = page.locator('#user-rows > .user');
  }

  async open(path = '/users') {
    await this.page.goto(path);
    return this;
  }

  /** Signs up, and so logs in: only then may users be changed. Ends on the dashboard. */
  async signUp({ name = 'Kim', email = 'kim@example.org', password = 'correct horse' } = {}) {
    await this.page.goto('/signup');
    const form = this.page.locator('#signup-form');
    await form.getByLabel('Name').fill(name);
    await form.getByLabel('E-mail').fill(email);
    await form.getByLabel('Password').fill(password);
    await form.getByRole('button', { name: 'Sign up' }).click();
    await this.page.waitForURL('**/dashboard');
    return this;
  }

  async logIn({ email = 'kim@example.org', password = 'correct horse' } = {}) {
    const form = this.page.locator('#login-form');
    await form.getByLabel('E-mail').fill(email);
    await form.getByLabel('Password').fill(password);
    await form.getByRole('button', { name: 'Log in' }).click();
    return this;
  }

  async logOut() {
    await this.page.getByRole('button', { name: 'Log out' }).click();
    await this.page.getByRole('link', { name: 'Log in' }).waitFor();
    return this;
  }

  /** The row of a user by name. */
  row(name) {
    return this.page.locator('.user', { has: this.page.getByRole('link', { name, exact: true }) });
  }

  error(field) {
    return this.page.locator(`.error[data-field="${field}"]`);
  }

  async fill(scope, { name, email, age }) {
    await scope.getByLabel('Name').fill(name);
    await scope.getByLabel('E-mail').fill(email);
    await scope.getByLabel('Age').fill(age);
  }

  /** Waits until the list has these users, in order. */
  async waitForRows(names) {
    await this.page.waitForFunction(
      (wanted) => {
        const found = [...document.querySelectorAll('#user-rows > .user .name')].map((name) => name.textContent.trim());
        return JSON.stringify(found) === JSON.stringify(wanted);
      },
      names,
    );
  }

  async names() {
    return (await this.rows.locator('.name').allTextContents()).map((name) => name.trim());
  }

  /** Waits until the count says so: "26 users". */
  async waitForCount(text) {
    await this.count.filter({ hasText: text }).waitFor();
  }

  /** Leaves a mark that is gone once the browser has loaded another page. */
  async mark() {
    await this.page.evaluate(() => (window.hxxMark = true));
  }
  async isMarked() {
    return await this.page.evaluate(() => window.hxxMark === true);
  }

  /** Events of this name that have reached the body, from now on. */
  async listen(event) {
    await this.page.evaluate((name) => {
      window.hxxEvents = [];
      document.body.addEventListener(name, (fired) => window.hxxEvents.push(fired.detail.id));
    }, event);
  }
  async heard(id) {
    await this.page.waitForFunction((wanted) => window.hxxEvents.includes(wanted), id);
  }
}
