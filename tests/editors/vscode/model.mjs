// model.mjs - a language model on this machine that writes slowly, for the editor to show how a report grows.

import http from 'node:http';

const SECTIONS = ['Current State Assessment', 'Data Modeling Strategy', 'Performance Optimization Guidelines', 'Scaling and Architecture Framework',
    'Migration and Evolution Strategy', 'Implementation Roadmap', 'Backup and Recovery Planning', 'Technology-Specific Recommendations'];
const REPORT = '# Database Architecture Analysis Report\n\n' + SECTIONS.map((title) =>
    `## ${title}\n\n- \`orders\` is read by customer and by day: \`orders (customer_id, placed_at)\` serves both.\n- Rows of \`tracking_events\` are never changed.\n`).join('\n');

/** Starts it. `pace`: milliseconds between two words; `Infinity`: it says a few and then nothing. */
export async function startModel() {
    const model = { pace: 10, requests: 0, cut: 0 };
    const server = http.createServer((request, response) => {
        request.resume();
        request.on('end', async () => {
            model.requests++;
            let isGone = false;
            response.on('close', () => { isGone = true; if (!response.writableEnded) model.cut++; });
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            const send = (delta, reason = null, more = {}) => response.write(`data: ${JSON.stringify({
                id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'slow-model', choices: [{ index: 0, delta, finish_reason: reason }], ...more })}\n\n`);
            send({ role: 'assistant', content: '' });
            let n = 0;
            for (const word of REPORT.split(/(?<= )/)) {
                if (isGone) return;
                send({ content: word });
                n++;
                if (model.pace === Infinity && n > 30) return;
                await new Promise((resolve) => setTimeout(resolve, Number.isFinite(model.pace) ? model.pace : 5));
            }
            send({}, 'stop', { usage: { prompt_tokens: 900, completion_tokens: 300, total_tokens: 1200 } });
            response.end('data: [DONE]\n\n');
        });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    model.url = `http://127.0.0.1:${server.address().port}/v1`;
    model.stop = () => { server.closeAllConnections(); server.close(); };
    return model;
}
