namespace Portal.Bench.Ui;

/// <content>What is done with a list of many rows.</content>
internal sealed partial class UiBrowser
{
    // A change in the page, and how long until what is drawn says so. The field or button is found before the clock starts.
    private const string Until = """
        (act, holds, what) => new Promise((resolve, reject) => {
          setTimeout(() => reject(new Error(what + ' was not shown within a minute')), 60000);
          const lines = () => [...document.querySelectorAll('.p-table tbody tr')].filter(line => line.cells.length > 0);
          const rows = () => lines().filter(line => line.cells.length > 1);
          const context = { lines, rows, before: rows()[0]?.textContent ?? '' };
          const begin = performance.now();
          const watch = new MutationObserver(() => {
            if (holds(context)) {
              watch.disconnect();
              resolve(performance.now() - begin);
            }
          });
          watch.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
          act();
        })
        """;

    /// <summary>Opens a list and waits for its first rows.</summary>
    public async Task OpenListAsync(string path)
    {
        await LoadAsync(path);
        await _page.Locator("[role=search] input[type=search]").First.WaitForAsync();
        await _page.Locator(".p-table tbody tr td").First.WaitForAsync();
    }

    /// <summary>Searches a list that is open.</summary>
    /// <returns>Milliseconds from the change of the field until all rows that are drawn have the text.</returns>
    public Task<double> SearchAsync(string text) => _page.EvaluateAsync<double>(
        $$"""
        text => {
          const field = document.querySelector('[role=search] input[type=search]');
          return ({{Until}})(
            () => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); },
            ({ rows }) => rows().length > 0 && rows().every(row => row.textContent.includes(text)),
            text);
        }
        """,
        text);

    /// <summary>Chooses a node, whose containers have its name before theirs.</summary>
    /// <returns>Milliseconds until all rows that are drawn are of it.</returns>
    public Task<double> ChooseNodeAsync(string node) => _page.EvaluateAsync<double>(
        $$"""
        node => {
          const field = document.querySelector('[role=search] select[aria-label=Node]');
          return ({{Until}})(
            () => { field.value = node; field.dispatchEvent(new Event('change', { bubbles: true })); },
            ({ rows }) => rows().length > 0 && rows().every(row => row.textContent.includes(node + '-')), node);
        }
        """,
        node);

    /// <summary>Chooses what rows are grouped by.</summary>
    /// <returns>Milliseconds until headings are drawn, or none.</returns>
    public Task<double> GroupAsync(string grouping) => _page.EvaluateAsync<double>(
        $$"""
        grouping => {
          const field = document.querySelector('[role=search] select[aria-label=Groups]');
          return ({{Until}})(
            () => { field.value = grouping; field.dispatchEvent(new Event('change', { bubbles: true })); },
            ({ lines, rows }) => rows().length > 0 && (grouping === 'None') === (lines()[0].cells.length > 1), grouping);
        }
        """,
        grouping);

    /// <summary>Presses the head of a column.</summary>
    /// <returns>Milliseconds until the list is in another order and says so.</returns>
    public Task<double> SortAsync(string column) => _page.EvaluateAsync<double>(
        $$"""
        column => {
          const head = [...document.querySelectorAll('.p-table thead th')].find(head => head.textContent.trim().startsWith(column));
          const order = head.getAttribute('aria-sort');
          return ({{Until}})(
            () => head.querySelector('button').click(),
            ({ rows, before }) => head.getAttribute('aria-sort') !== order && rows()[0]?.textContent !== before, column);
        }
        """,
        column);

    /// <summary>Turns the wheel over a list, a turn with each picture.</summary>
    /// <param name="pixels">How far with each turn.</param>
    /// <param name="turns">How many.</param>
    /// <returns>The milliseconds between pictures, and the share of pictures with a row in the middle.</returns>
    public async Task<(double[] Frames, double Filled)> ScrollAsync(int pixels, int turns)
    {
        var box = (await _page.Locator(".p-list-scroll").BoundingBoxAsync())!;
        await _page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await _page.EvaluateAsync(
            """
            () => {
              const list = document.querySelector('.p-list-scroll');
              const box = list.getBoundingClientRect();
              const scroll = window.scrolled = { frames: [], filled: 0, running: true };
              let last = performance.now();
              const frame = now => {
                scroll.frames.push(now - last);
                last = now;
                const middle = document.elementFromPoint(box.left + 40, box.top + box.height / 2)?.closest('tr');
                scroll.filled += middle?.cells.length > 0 ? 1 : 0;
                if (scroll.running) { requestAnimationFrame(frame); }
              };
              requestAnimationFrame(frame);
            }
            """);
        for (var turn = 0; turn < turns; turn++)
        {
            await _page.Mouse.WheelAsync(0, pixels);
        }

        // Few turns may be over before the browser has drawn anything.
        await _page.WaitForFunctionAsync("() => window.scrolled.frames.length > 3");
        var result = await _page.EvaluateAsync<ScrollResult>("() => { window.scrolled.running = false; return window.scrolled; }");
        return (result.Frames[1..], (double)result.Filled / result.Frames.Length);
    }

    /// <summary>Drags the bar at the side to somewhere else.</summary>
    /// <param name="share">Where to, from 0 to 1.</param>
    /// <returns>Milliseconds until rows stand there.</returns>
    public Task<double> JumpAsync(double share) => _page.EvaluateAsync<double>(
        """
        share => new Promise((resolve, reject) => {
          setTimeout(() => reject(new Error('no row was shown within a minute')), 60000);
          const list = document.querySelector('.p-list-scroll');
          const box = list.getBoundingClientRect();
          const begin = performance.now();
          list.scrollTop = share * (list.scrollHeight - list.clientHeight);
          const look = () => {
            const rows = [0.2, 0.5, 0.9].map(at => document.elementFromPoint(box.left + 40, box.top + box.height * at)?.closest('tr'));
            if (rows.every(row => row?.cells.length > 0)) {
              resolve(performance.now() - begin);
            } else {
              requestAnimationFrame(look);
            }
          };
          requestAnimationFrame(look);
        })
        """,
        share);

    private sealed class ScrollResult
    {
        public double[] Frames { get; set; } = [];

        public int Filled { get; set; }
    }
}
