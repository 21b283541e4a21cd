using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Testing;
using Portal.Testing.Databases;

namespace Portal.Shipping.Tests.Hosting;

/// <summary>The portal of the release, in a process of its own, over TLS with the certificate that it makes.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly string _folder;
    private readonly string _run;
    private readonly string _database;
    private readonly int _plainPort = FreePort.Find();
    private readonly Process _process = new();

    private PortalProcess(string folder, string run, string database)
    {
        _run = run;
        _folder = folder;
        _database = database;
    }

    /// <summary>Where it answers over TLS, on all addresses.</summary>
    public int Port { get; } = FreePort.Find();

    private string TokenFile => Path.Combine(_folder, "token");

    public static async Task<PortalProcess> StartAsync(TestInstance instance)
    {
        var folder = Directory.CreateDirectory(instance.TempPath($"portal-{Guid.NewGuid():N}")).FullName;
        var database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        var portal = new PortalProcess(folder, Path.Combine(instance.RunRoot, "portal"), database);
        await Disposal.UnlessBegunAsync(portal.BeginAsync, () => portal.DisposeAsync().AsTask());
        return portal;
    }

    /// <summary>A join token for one host.</summary>
    public async Task<string> ReadTokenAsync()
    {
        await Eventually.HoldsAsync(() => File.Exists(TokenFile), "the portal has made a join token");
        return (await File.ReadAllTextAsync(TokenFile)).Trim();
    }

    /// <summary>SHA-256 of the public key that it shows, as curl takes it.</summary>
    public async Task<string> FindPinAsync()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", Port);
        await using var tls = new SslStream(connection.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        var key = new X509Certificate2(tls.RemoteCertificate!).PublicKey.ExportSubjectPublicKeyInfo();
        return "sha256//" + Convert.ToBase64String(SHA256.HashData(key));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_database);
    }

    private async Task BeginAsync()
    {
        _process.StartInfo = new ProcessStartInfo(Path.Combine(Workshop.Release, "web", "Portal.Web"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PORTAL_DATA"] = Path.Combine(_folder, "data"),
                ["PORTAL_RUN"] = _run,
                ["PORTAL_HTTP"] = $"127.0.0.1:{_plainPort}",
                ["PORTAL_HTTPS"] = $"0.0.0.0:{Port}",
                ["PORTAL_DB"] = _database,
                ["PORTAL_ADMIN_PASSWORD"] = "correct-horse-battery",
                ["PORTAL_LOCAL_JOIN_TOKEN_FILE"] = TokenFile,
            },
        };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        await Eventually.HoldsAsync(() => AnswersAsync(http), "the portal answers");
    }

    private async Task<bool> AnswersAsync(HttpClient http)
    {
        Assert.False(_process.HasExited, $"The portal has ended:\n{_log}");
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_plainPort}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
