using System.Diagnostics;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>
/// Debian's firewalld on a <see cref="FilteredHost"/>, with a copy of its settings and a bus of its own: this machine's own firewall and
/// bus stay as they are.
/// </summary>
internal sealed class RealFirewalld : IAsyncDisposable
{
    private const string Bus = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
          "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <listen>unix:path=FOLDER/bus</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
            <allow user="*"/>
          </policy>
        </busconfig>
        """;

    private const string NoReply = "Did not receive a reply";
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromMinutes(1));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-firewalld-");
    private readonly List<Process> _processes = [];
    private readonly FilteredHost _host;

    private RealFirewalld(FilteredHost host) => _host = host;

    private string Address => $"DBUS_SYSTEM_BUS_ADDRESS=unix:path={_folder.FullName}/bus";

    public static async Task<RealFirewalld> StartAsync(FilteredHost host)
    {
        var firewalld = new RealFirewalld(host);
        try
        {
            await firewalld.BeginAsync();
            return firewalld;
        }
        catch
        {
            await firewalld.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs a program that talks with it, and again where it does not answer in time: the bus gives it 25 seconds, and all of its rules anew
    /// take longer on a slow host. What was asked for is done all the same, and may be asked for twice.
    /// </summary>
    public async Task<string> RunAsync(params string[] command)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var result = await Tool.TryRunAsync("env", [Address, .. command]);
            if (result.ExitCode == 0)
            {
                return result.Output;
            }

            var isLate = (result.Error + result.Output).Contains(NoReply, StringComparison.Ordinal);
            if (!isLate || Stopwatch.GetElapsedTime(since) > s_patience)
            {
                throw new InvalidOperationException(
                    $"'{string.Join(' ', command)}' exited with {result.ExitCode}: {result.Error}{result.Output}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync()
    {
        var folder = _folder.FullName;
        await Tool.RunAsync("cp", "-a", "/etc/firewalld/.", $"{folder}/settings");
        await File.WriteAllTextAsync($"{folder}/bus.conf", Bus.Replace("FOLDER", folder, StringComparison.Ordinal));
        Start("dbus-daemon", $"--config-file={folder}/bus.conf", "--nofork", "--nopidfile");
        await Eventually.HoldsAsync(() => File.Exists($"{folder}/bus"), "the bus is there");
        Start(
            "nsenter", $"--net={_host.HostPath}", "unshare", "--mount", "env", Address, "bash", "-ec",
            "mount --bind \"$1\" /etc/firewalld; mount -t tmpfs none /run; exec firewalld --nofork --nopid", "bash", $"{folder}/settings");
        await Eventually.HoldsAsync(
            async () => (await Tool.TryRunAsync("env", Address, "firewall-cmd", "--state")).ExitCode == 0, "firewalld runs");
    }

    private void Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }
}
