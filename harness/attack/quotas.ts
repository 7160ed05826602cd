/** Attacks by clients that want more than their quota, or that try to inflate the counts. */
import { randomUUID } from 'node:crypto';
import { postPicture, smallPicture, statistics } from '../client';
import type { TestServer } from '../server';
import type { Attack } from './attack';
import { inLanes, tally, undocumented } from './raw';

const MODEL = 'tiny-imagenet-200';

function post(server: TestServer, route: string, body: unknown): Promise<Response> {
  return fetch(`${server.url}${route}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export const forgedAddresses: Attack = {
  name: 'forged X-Forwarded-For',
  settings: { TRUSTED_PROXIES: '0', PREDICT_PER_MINUTE: '100' },
  run: async (server, size) => {
    const picture = await smallPicture();
    const count = Math.ceil(400 * size);
    const statuses = await inLanes(count, 8, async (i) => {
      const forged = { 'X-Forwarded-For': `203.0.113.${i % 250}` };
      const answer = await postPicture(server.url, picture, forged);
      await answer.arrayBuffer();
      return answer.status;
    });
    const { 200: passed = 0 } = tally(statuses);
    return {
      // The test may span two windows; the honest client has its own quota in each.
      measured: `${count} with forged addresses: ${JSON.stringify(tally(statuses))}`,
      wrong: [
        ...undocumented(statuses),
        ...(passed > 200 ? [`${passed} passed a limit of 100 a minute`] : []),
      ],
    };
  },
};

export const wrongKeys: Attack = {
  name: 'guessing keys',
  run: async (server, size) => {
    const picture = await smallPicture();
    const count = Math.ceil(500 * size);
    const statuses = await inLanes(count, 8, async (i) => {
      const key = `sl_${String(i).padStart(16, '0')}_${'A'.repeat(43)}`;
      const answer = await postPicture(server.url, picture, {
        'X-Api-Key': key,
        'X-Forwarded-For': '203.0.113.1',
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    const { 401: looked = 0 } = tally(statuses);
    return {
      measured: `${count} keys: ${JSON.stringify(tally(statuses))}`,
      wrong: [...undocumented(statuses), ...(looked > 60 ? [`${looked} keys were tried`] : [])],
    };
  },
};

export const madeUpReports: Attack = {
  name: 'made-up reports',
  settings: { REPORT_PER_MINUTE: '100000' },
  run: async (server, size) => {
    const requests = Math.ceil(60 * size);
    const { models } = (await (await fetch(`${server.url}/api/models`)).json()) as {
      models: { id: string; version: string }[];
    };
    const { version } = models.find(({ id }) => id === MODEL)!;
    const report = () => ({
      id: randomUUID(),
      model: MODEL,
      version,
      label: 'espresso',
      index: 193,
      score: 0.9,
      latencyMs: 1,
      backend: 'wasm',
      at: new Date().toISOString(),
      reason: 'offline',
    });
    const statuses = await inLanes(requests, 4, async (i) => {
      const reports = Array.from({ length: 500 }, report);
      const lies = reports.map((one) => ({ ...one, label: `made up ${i}` }));
      const answers = [
        await post(server, '/api/predictions/report', { reports }),
        await post(server, '/api/predictions/report', { reports: lies }),
      ];
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
      return answers[0]!.status;
    });
    const { totals } = await statistics(server.url);
    const { browser } = totals.bySource;
    return {
      measured: `${requests * 1_000} reports, half of them of labels that there are not: ${JSON.stringify(tally(statuses))}, ${browser} counted`,
      wrong: [
        ...undocumented(statuses),
        ...(browser > 2_000 ? [`${browser} of one address were counted`] : []),
        ...(totals.byLabel.espresso === undefined ? [] : ['they count as answers of the server']),
      ],
    };
  },
};

export const dearRows: Attack = {
  name: 'many rows in one request',
  settings: { PREDICT_PER_MINUTE: '25' },
  run: async (server) => {
    const rows = 30;
    const shape = [rows, 3, 64, 64];
    const metadata = (await (await fetch(`${server.url}/v2/models/${MODEL}`)).json()) as {
      inputs: { name: string }[];
    };
    const data = Array<number>(rows * 3 * 64 * 64).fill(0);
    const input = { name: metadata.inputs[0]!.name, shape, datatype: 'FP32', data };
    const answer = await post(server, `/v2/models/${MODEL}/infer`, { inputs: [input] });
    await answer.arrayBuffer();
    return {
      measured: `${rows} rows with 25 a minute: ${answer.status}`,
      wrong: answer.status === 429 ? [] : [`${rows} rows were answered with ${answer.status}`],
    };
  },
};

export const manyParts: Attack = {
  name: 'multipart bodies of thousands of parts',
  run: async (server, size) => {
    const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n';
    const body = `${part.repeat(100_000)}--x--\r\n`;
    const statuses = await inLanes(Math.max(1, Math.ceil(20 * size)), 4, async () => {
      const answer = await fetch(`${server.url}/api/predict`, {
        method: 'POST',
        headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        body,
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    return {
      measured: `100,000 parts each: ${JSON.stringify(tally(statuses))}`,
      wrong: statuses.every((status) => status === 400 || status === 413)
        ? []
        : ['they are not refused'],
    };
  },
};
