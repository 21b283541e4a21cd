using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>Debian's ufw on a <see cref="FilteredHost"/>, with a copy of its settings: this machine's own firewall stays as it is.</summary>
internal sealed class RealUfw : IDisposable
{
    private readonly DirectoryInfo _settings = Directory.CreateTempSubdirectory("portal-ufw-");
    private readonly FilteredHost _host;

    private RealUfw(FilteredHost host) => _host = host;

    public static async Task<RealUfw> EnableAsync(FilteredHost host)
    {
        var ufw = new RealUfw(host);
        try
        {
            await Tool.RunAsync("cp", "-a", "/etc/ufw/.", ufw._settings.FullName);
            await ufw.RunAsync("ufw", "--force", "enable");
            return ufw;
        }
        catch
        {
            ufw.Dispose();
            throw;
        }
    }

    public Task<string> RunAsync(params string[] command) => _host.RunAsync(
        [
            "unshare", "--mount", "bash", "-ec", "mount --bind \"$1\" /etc/ufw; mount -t tmpfs none /run; shift; \"$@\"", "bash",
            _settings.FullName, .. command,
        ]);

    public void Dispose() => _settings.Delete(recursive: true);
}
