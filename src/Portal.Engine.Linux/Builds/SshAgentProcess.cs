using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;

namespace Portal.Engine.Linux.Builds;

/// <summary>A running <c>ssh-agent</c> with what it was started with.</summary>
internal sealed class SshAgentProcess(string folder, string socketPath, ChildChannel life, int processId) : IDisposable
{
    private const int SigTerminate = 15;
    private int _handle = -1;

    public string SocketPath => socketPath;

    public SshAgentProcess Of(int handle)
    {
        _handle = handle;
        return this;
    }

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, -1);
        if (handle >= 0)
        {
            _ = ProcessCalls.SendSignal(handle, SigTerminate);
            ProcessCalls.Close(handle);
        }

        // Ends the cat, which is our child.
        life.Dispose();
        _ = ProcessCalls.Wait(processId);
        Remove(folder);
    }

    /// <summary>Removes the folder of its socket, which it removes itself when it is told to end.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone.
        }
    }
}
