using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Portal.Testing.Processes;

namespace Portal.Testing.Git;

/// <summary>OpenSSH's own server on a port of its own, with keys of its own, that lets one key in as root.</summary>
public sealed class SshServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private SshServer(Process process, int port, string hostKey, string privateKey)
    {
        _process = process;
        Port = port;
        KnownHosts = $"[127.0.0.1]:{port.ToString(CultureInfo.InvariantCulture)} {hostKey}";
        PrivateKey = privateKey;
    }

    public int Port { get; }

    /// <summary>Its line for <c>known_hosts</c>.</summary>
    public string KnownHosts { get; }

    /// <summary>The key that it lets in.</summary>
    public string PrivateKey { get; }

    /// <param name="folder">For its files; made.</param>
    public static async Task<SshServer> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);

        // Where it gives its rights up; Debian's service makes it.
        Directory.CreateDirectory("/run/sshd");
        await MakeKeyAsync($"{folder}/host");
        await MakeKeyAsync($"{folder}/user");
        var port = FreePort.Find();
        await File.WriteAllTextAsync($"{folder}/config", $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/user.pub
            PidFile none
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password

            """);
        var start = new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", $"{folder}/config"]) { RedirectStandardError = true };
        var server = new SshServer(
            Process.Start(start)!, port, await ReadKeyAsync($"{folder}/host.pub"), await File.ReadAllTextAsync($"{folder}/user"));
        server._process.ErrorDataReceived += (_, line) => server._said.AppendLine(line.Data);
        server._process.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => IsThereAsync(port));
        return server;
    }

    /// <summary>A pair of keys at a path, without a passphrase unless one is given.</summary>
    public static Task<string> MakeKeyAsync(string path, string passphrase = "") =>
        Tool.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", path);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public override string ToString() => _said.ToString();

    private static async Task<string> ReadKeyAsync(string path)
    {
        var words = (await File.ReadAllTextAsync(path)).Split(' ');
        return $"{words[0]} {words[1]}";
    }

    private static async Task<bool> IsThereAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
