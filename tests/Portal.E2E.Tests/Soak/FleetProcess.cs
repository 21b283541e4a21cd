using System.Diagnostics;
using System.Globalization;
using Portal.Testing.Processes;

namespace Portal.E2E.Tests.Soak;

/// <summary>Simulated nodes, as a process of their own, that change faster than a fleet does.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    private static readonly string s_program = Path.Combine(
        Path.GetDirectoryName(Testing.Up.PortalUp.Script)!, "tests", "Portal.Simulation", "bin", "Release", "net10.0", "Portal.Simulation.dll");

    private readonly Process _process;
    private volatile int _online;
    private volatile int _changes;

    /// <param name="portal">The portal's address.</param>
    /// <param name="database">Where the join token is made.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="containers">Containers of each.</param>
    /// <param name="changesEachMinute">How many of all containers start or stop.</param>
    public FleetProcess(string portal, string database, int nodes, int containers, int changesEachMinute)
    {
        string[] arguments =
        [
            s_program, "--portal", portal, "--db", database, "--nodes", Number(nodes), "--containers", Number(containers),
            "--changes", Number((double)changesEachMinute / (nodes * containers)),
        ];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
    }

    public int Online => _online;

    /// <summary>Containers that started or stopped so far.</summary>
    public int Changes => _changes;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Tool.TryRunAsync("kill", "-TERM", Number(_process.Id));
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private void Read(string? line)
    {
        if (line?.Split(' ') is ["online", var count])
        {
            _online = int.Parse(count, CultureInfo.InvariantCulture);
        }
        else if (line?.Split(' ') is ["changes", var changes])
        {
            _changes = int.Parse(changes, CultureInfo.InvariantCulture);
        }
    }
}
