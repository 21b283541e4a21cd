using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Linux.Runtime;

namespace Portal.Engine.Linux.UserNamespaces;

/// <summary>
/// A short-lived process in namespaces of its own, whose only use is that they can be found by its number. A process with several threads,
/// such as this one, can't enter a user namespace (setns(2), "EINVAL").
/// </summary>
internal static class NamespaceProcess
{
    private const int SigKill = 9;
    private const int LongestMessage = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs something while the process waits in its namespaces. It ends with this, or with us.</summary>
    /// <param name="command">unshare(1) or nsenter(1) with options that make the namespaces; the program that waits is added.</param>
    /// <param name="use">Given its folder beneath <c>/proc</c>.</param>
    /// <exception cref="IOException">The namespaces can't be made; the message says why.</exception>
    public static T Run<T>(IReadOnlyList<string> command, Func<string, T> use)
    {
        var program = Programs.Find(command[0])
            ?? throw new IOException($"The program '{command[0]}' is not on this host. Install the package 'util-linux'.");
        using var streams = ChildChannel.Create();
        using var errors = ChildChannel.Create();

        // cat(1) answers what it is told, which tells that the namespaces are there, and ends when nobody is there to tell it anything.
        var processId = Spawner.Spawn(new SpawnRequest
        {
            Program = program,
            Arguments = [.. command.Skip(1), "cat"],
            Environment = [$"PATH={Programs.SearchPath}", "LC_ALL=C"],
            WorkingDirectory = "/",
            Stdin = streams.Child,
            Stdout = streams.Child,
            Stderr = errors.Child,
        });
        try
        {
            streams.CloseChildEnd();
            errors.CloseChildEnd();
            if (!Answers(streams.Socket))
            {
                throw new IOException($"'{string.Join(' ', command)}' failed: {Message(errors.Socket)}");
            }

            return use($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}");
        }
        finally
        {
            End(processId);
        }
    }

    private static bool Answers(Socket socket)
    {
        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        try
        {
            socket.Send([1]);
            return socket.Receive(new byte[1]) == 1;
        }
        catch (SocketException)
        {
            // It has ended, or is stuck: what it wrote says why.
            return false;
        }
    }

    private static string Message(Socket socket)
    {
        socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        var buffer = new byte[LongestMessage];
        try
        {
            var read = socket.Receive(buffer);
            return read > 0 ? Encoding.UTF8.GetString(buffer, 0, read).Trim() : "it ended without a word";
        }
        catch (SocketException failure)
        {
            return failure.Message;
        }
    }

    private static void End(int processId)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle >= 0)
        {
            _ = ProcessCalls.SendSignal(handle, SigKill);
            ProcessCalls.Close(handle);
        }

        _ = ProcessCalls.Wait(processId);
    }
}
