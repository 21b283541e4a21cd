using System.Diagnostics;

namespace Portal.Link.Tests.Environment;

/// <summary>Programs of their own that take all the processor time that they get, until this is disposed.</summary>
internal sealed class BusyProcessors : IDisposable
{
    private readonly List<Process> _programs = [];

    public static BusyProcessors Start(int count)
    {
        var busy = new BusyProcessors();
        for (var number = 0; number < count; number++)
        {
            // timeout(1) ends it should this process be killed.
            busy._programs.Add(Process.Start("timeout", ["--signal=KILL", "180", "sh", "-c", "while :; do :; done"]));
        }

        return busy;
    }

    public void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Kill(entireProcessTree: true);
            program.WaitForExit();
            program.Dispose();
        }
    }
}
