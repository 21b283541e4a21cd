using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Testing.Registries;

namespace Portal.Testing.Git;

/// <summary>
/// Git's own server over HTTP (<c>git http-backend</c>), which asks everybody for a user and a password; with a certificate, over TLS.
/// </summary>
public sealed class GitServer : IAsyncDisposable
{
    private const string Proof = "Basic bWU6c2VjcmV0LXRva2Vu";
    private readonly string _root;
    private FakeRegistry? _server;

    private GitServer(string root) => _root = root;

    public const string User = "me";

    public const string Password = "secret-token";

    /// <summary><c>http://127.0.0.1:PORT</c>, or <c>https</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where every request is sent on to instead; null for answering.</summary>
    public string? RedirectsTo { get; set; }

    /// <summary>The <c>Authorization</c> of each request, or an empty text.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <param name="root">The folder with the repositories.</param>
    /// <param name="certificate">The server's, with its key; null for no TLS.</param>
    public static async Task<GitServer> StartAsync(string root, X509Certificate2? certificate = null)
    {
        var server = new GitServer(root);
        server._server = await FakeRegistry.StartAsync(server.AnswerAsync, certificate);
        server.Address = $"{(certificate is null ? "http" : "https")}://{server._server.Host}";
        return server;
    }

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var given = context.Request.Headers.Authorization.ToString();
        Seen.Enqueue(given);
        if (RedirectsTo is { } elsewhere)
        {
            context.Response.Redirect(elsewhere + context.Request.Path + context.Request.QueryString);
            return;
        }

        if (given != Proof)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        var start = new ProcessStartInfo("git", ["http-backend"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["GIT_PROJECT_ROOT"] = _root,
                ["GIT_HTTP_EXPORT_ALL"] = "1",
                ["GIT_CONFIG_COUNT"] = "1",
                ["GIT_CONFIG_KEY_0"] = "safe.directory",
                ["GIT_CONFIG_VALUE_0"] = "*",
                ["PATH_INFO"] = context.Request.Path.Value,
                ["QUERY_STRING"] = context.Request.QueryString.Value?.TrimStart('?'),
                ["REQUEST_METHOD"] = context.Request.Method,
                ["CONTENT_TYPE"] = context.Request.ContentType ?? "",
                ["HTTP_CONTENT_ENCODING"] = context.Request.Headers.ContentEncoding.ToString(),
                ["GIT_PROTOCOL"] = context.Request.Headers["Git-Protocol"].ToString(),
            },
        };
        using var backend = Process.Start(start)!;
        await context.Request.Body.CopyToAsync(backend.StandardInput.BaseStream);
        backend.StandardInput.Close();
        using var answer = new MemoryStream();
        await backend.StandardOutput.BaseStream.CopyToAsync(answer);
        await backend.WaitForExitAsync();
        var bytes = answer.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = line.Split(": ", 2) is [var before, var after] ? (before, after) : (line, "");
            if (name == "Status")
            {
                context.Response.StatusCode = int.Parse(value.Split(' ')[0]);
            }
            else
            {
                context.Response.Headers[name] = value;
            }
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(end + 4));
    }
}
