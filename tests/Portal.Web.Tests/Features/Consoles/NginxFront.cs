using System.Diagnostics;
using System.Net.Sockets;
using Portal.Testing;

namespace Portal.Web.Tests.Features.Consoles;

/// <summary>Debian's nginx in front of a portal, as a site has it, but for an idle limit that a test can wait for.</summary>
internal sealed class NginxFront : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-nginx-").FullName;
    private readonly int _port = FreePort.Find();
    private Process? _process;

    /// <summary>Its address, for WebSockets.</summary>
    public Uri Address => new($"ws://127.0.0.1:{_port}");

    public static async Task<NginxFront> StartAsync(Uri portal, int idleSeconds)
    {
        var front = new NginxFront();
        var configuration = $$"""
            daemon off;
            master_process off;
            pid {{front._folder}}/pid;
            error_log stderr;
            events { }
            http {
              access_log off;
              client_body_temp_path {{front._folder}}/body;
              proxy_temp_path {{front._folder}}/proxy;
              fastcgi_temp_path {{front._folder}}/fastcgi;
              uwsgi_temp_path {{front._folder}}/uwsgi;
              scgi_temp_path {{front._folder}}/scgi;
              server {
                listen 127.0.0.1:{{front._port}};
                proxy_read_timeout {{idleSeconds}}s;
                proxy_send_timeout {{idleSeconds}}s;
                location / {
                  proxy_pass {{portal.GetLeftPart(UriPartial.Authority)}};
                  proxy_http_version 1.1;
                  proxy_set_header Host $host;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection "upgrade";
                }
              }
            }
            """;
        var file = Path.Combine(front._folder, "nginx.conf");
        await File.WriteAllTextAsync(file, configuration);
        string[] arguments = ["-p", front._folder, "-e", "stderr", "-c", file];
        front._process = Process.Start(new ProcessStartInfo("nginx", arguments))!;
        await Eventually.HoldsAsync(front.AnswersAsync, "nginx listens");
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException) when (!_process!.HasExited)
        {
            return false;
        }
    }
}
