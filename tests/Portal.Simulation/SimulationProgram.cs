using System.Runtime.InteropServices;

namespace Portal.Simulation;

/// <summary>
/// The simulation as a program: <c>--portal URL --db CONNECTION [--nodes N] [--containers M] [--stats SECONDS] [--changes SHARE]</c>.
/// Prints how many nodes are online, and how many changes there were so far, each time that one of them is another; ends with SIGTERM.
/// </summary>
internal static class SimulationProgram
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Array.IndexOf(arguments, "--db") is var database && (database < 0 || database + 1 == arguments.Length))
        {
            await Console.Error.WriteLineAsync("simulation: --db CONNECTION is missing: the join token is made there.");
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopping));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopping));
        var token = await TokenMaker.MakeAsync(arguments[database + 1], stopping.Token);
        await using var simulation = new Simulation(SimulationOptions.Parse(arguments, token));
        await simulation.StartAsync(stopping.Token);
        await ReportAsync(simulation, stopping.Token);
        return 0;
    }

    private static async Task ReportAsync(Simulation simulation, CancellationToken cancellationToken)
    {
        var (told, changes) = (-1, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (simulation.Online != told)
            {
                told = simulation.Online;
                Console.WriteLine($"online {told}");
            }

            if (simulation.Changes != changes)
            {
                changes = simulation.Changes;
                Console.WriteLine($"changes {changes}");
            }

            await Task.Delay(s_step, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}
