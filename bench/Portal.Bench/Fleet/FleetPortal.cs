using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Portal.Testing;

namespace Portal.Bench.Fleet;

/// <summary>The published portal as a process that can be stopped and started again at the same address.</summary>
internal sealed partial class FleetPortal(string program, string database, TestInstance folders) : IAsyncDisposable
{
    public const string Password = "correct-horse-battery";
    private static readonly TimeSpan s_startTime = TestSettings.Within(TimeSpan.FromMinutes(2));
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);
    private Process? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_process!);

    public double ResidentMegabytes => ProcessFigures.Megabytes(_process!, "VmRSS");

    public double LargestMegabytes => ProcessFigures.Megabytes(_process!, "VmHWM");

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, WorkingDirectory = "/" };
        start.Environment["PORTAL_HTTP"] = Address.Authority;
        start.Environment["PORTAL_DB"] = database;
        start.Environment["PORTAL_DATA"] = folders.DataRoot;
        start.Environment["PORTAL_RUN"] = folders.RunRoot;
        start.Environment["PORTAL_ADMIN_PASSWORD"] = Password;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => File.AppendAllLines(folders.TempPath("portal.log"), [line.Data ?? ""]);
        _process.BeginOutputReadLine();
        using var client = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync(client))
        {
            if (_process.HasExited || watch.Elapsed > s_startTime)
            {
                throw new InvalidOperationException("The portal did not start.");
            }

            await Task.Delay(s_step);
        }
    }

    public async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            await ProcessFigures.TerminateAsync(running);
        }
    }

    /// <summary>A browser of the administrator.</summary>
    public async Task<HttpClient> SignInAsync()
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
        {
            BaseAddress = Address,
        };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var fields = new Dictionary<string, string> { ["Input.UserName"] = "admin", ["Input.Password"] = Password };
        foreach (Match hidden in HiddenFields().Matches(await client.GetStringAsync("/sign-in")))
        {
            fields.TryAdd(hidden.Groups["name"].Value, WebUtility.HtmlDecode(hidden.Groups["value"].Value));
        }

        using var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        return answer.StatusCode == HttpStatusCode.Redirect
            ? client
            : throw new InvalidOperationException($"Signing in was answered with {(int)answer.StatusCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(Address, "/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenFields();
}
