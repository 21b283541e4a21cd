using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Testing;

namespace Portal.Link.Tests.Portals;

/// <summary>Debian's nginx or Caddy before two portals, by a sample of <c>deploy/proxies</c> with other addresses.</summary>
internal sealed class ProxyFront : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-proxy-").FullName;
    private readonly StringBuilder _log = new();
    private readonly int _port = FreePort.Find();
    private Process? _process;

    private ProxyFront(string certificateFolder)
    {
        CertificateFile = Path.Combine(certificateFolder, "proxy.crt");
        KeyFile = Path.Combine(certificateFolder, "proxy.key");
    }

    public string CertificateFile { get; }

    private string KeyFile { get; }

    /// <summary>Where it answers, without a prefix.</summary>
    public Uri Url => new($"https://localhost:{_port}");

    /// <summary>Makes the certificate that proxies show and agents pin.</summary>
    public static void MakeCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "proxy.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "proxy.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Starts one.</summary>
    /// <param name="sample">A file of <c>deploy/proxies</c>.</param>
    /// <param name="certificateFolder">Where <see cref="MakeCertificate"/> has put it.</param>
    /// <param name="portals">The ports of two portals.</param>
    public static async Task<ProxyFront> StartAsync(string sample, string certificateFolder, params int[] portals)
    {
        var front = new ProxyFront(certificateFolder);
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "proxies", sample));
        text = front.Put(text, "/etc/ssl/portal/portal.crt", front.CertificateFile);
        text = front.Put(text, "/etc/ssl/portal/portal.key", front.KeyFile);
        text = front.Put(text, "127.0.0.1:8080", $"127.0.0.1:{portals[0]}");
        text = front.Put(text, "127.0.0.1:8081", $"127.0.0.1:{portals[1]}");
        var start = sample.StartsWith("nginx", StringComparison.Ordinal)
            ? await front.PrepareNginxAsync(text)
            : await front.PrepareCaddyAsync(text);
        front.Launch(start);
        await Eventually.HoldsAsync(front.AnswersAsync, $"{sample} listens");
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    // The sample must have what stands in it for a site's own.
    private string Put(string text, string old, string by)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, by, StringComparison.Ordinal);
    }

    private async Task<ProcessStartInfo> PrepareNginxAsync(string text)
    {
        text = Put(text, "listen 443 ssl;", $"listen 127.0.0.1:{_port} ssl;");
        var site = Path.Combine(_folder, "portal.conf");
        await File.WriteAllTextAsync(site, text);
        var main = Path.Combine(_folder, "nginx.conf");
        await File.WriteAllTextAsync(
            main,
            $$"""
            daemon off;
            master_process off;
            pid {{_folder}}/pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              client_body_temp_path {{_folder}}/body;
              proxy_temp_path {{_folder}}/proxy;
              fastcgi_temp_path {{_folder}}/fastcgi;
              uwsgi_temp_path {{_folder}}/uwsgi;
              scgi_temp_path {{_folder}}/scgi;
              include {{site}};
            }
            """);
        return new ProcessStartInfo("nginx", ["-p", _folder, "-e", "stderr", "-c", main]);
    }

    private async Task<ProcessStartInfo> PrepareCaddyAsync(string text)
    {
        var name = text.Contains("\nwww.example.com {", StringComparison.Ordinal) ? "www.example.com {" : "portal.example.com {";
        text = Put(text, "\n" + name, $"\nhttps://localhost:{_port} {{");
        var file = Path.Combine(_folder, "Caddyfile");
        await File.WriteAllTextAsync(file, "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text);
        return new ProcessStartInfo("caddy", ["run", "--config", file, "--adapter", "caddyfile"])
        {
            Environment = { ["HOME"] = _folder, ["XDG_DATA_HOME"] = _folder, ["XDG_CONFIG_HOME"] = _folder },
        };
    }

    private void Launch(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, $"The proxy has ended:\n{_log}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
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
