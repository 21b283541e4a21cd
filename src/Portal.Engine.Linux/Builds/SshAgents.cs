using System.Globalization;
using System.Text;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Linux.Runtime;

namespace Portal.Engine.Linux.Builds;

/// <inheritdoc cref="ISshAgents"/>
/// <remarks>
/// OpenSSH's own <c>ssh-agent</c> holds the key, one for each socket. It serves its own user alone, and takes orders to add and remove
/// keys; so the steps talk to <see cref="SshAgentSocket"/>, which passes on the two requests that they need. It lives as long as a
/// <c>cat</c> that it started, and that one as long as a pipe of ours: it ends with this process, however that ends.
/// </remarks>
internal sealed class SshAgents : ISshAgents
{
    private const int MostBytes = 64 * 1024;
    private const int MostWords = 4096;

    private const string ProcessVariable = "SSH_AGENT_PID=";

    public async Task<IDisposable> ServeAsync(string privateKey, SshSocket socket, CancellationToken cancellationToken = default)
    {
        if (privateKey.Length > MostBytes || !privateKey.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw NoKey("it is none in OpenSSH's or PEM's form");
        }

        var folder = socket.Path + ".agent";
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SshAgentProcess? agent = null;
        try
        {
            agent = await StartAsync(folder, cancellationToken).ConfigureAwait(false);
            await AddAsync(agent.SocketPath, privateKey, cancellationToken).ConfigureAwait(false);
            return SshAgentSocket.Open(socket, agent);
        }
        catch
        {
            agent?.Dispose();
            SshAgentProcess.Remove(folder);
            throw;
        }
    }

    private static async Task<SshAgentProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "s");
        var life = ChildChannel.Create();
        try
        {
            var processId = Spawner.Spawn(new SpawnRequest
            {
                Program = Find("ssh-agent"),

                // Its cat tells its variables, whom to stop among them, and then waits for the end of its input.
                Arguments = ["-a", path, Find("cat"), "/proc/self/environ", "-"],
                Environment = [$"PATH={Programs.SearchPath}"],
                WorkingDirectory = "/",
                Stdin = life.Child,
                Stdout = life.Child,
                Stderr = life.Child,
            });
            life.CloseChildEnd();
            var agent = new SshAgentProcess(folder, path, life, processId);
            try
            {
                return agent.Of(ProcessCalls.OpenHandle(await ReadProcessAsync(life, cancellationToken).ConfigureAwait(false)));
            }
            catch
            {
                agent.Dispose();
                throw;
            }
        }
        catch
        {
            life.Dispose();
            throw;
        }
    }

    private static async Task<int> ReadProcessAsync(ChildChannel life, CancellationToken cancellationToken)
    {
        var said = new List<byte>();
        var buffer = new byte[512];
        int read;
        while (said.Count < MostWords && (read = await life.Socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            said.AddRange(buffer[..read]);

            // Each variable ends with a zero; what follows the last one is not whole yet.
            var variables = Encoding.UTF8.GetString([.. said]).Split('\0')[..^1];
            var found = Array.Find(variables, variable => variable.StartsWith(ProcessVariable, StringComparison.Ordinal));
            if (int.TryParse(found?[ProcessVariable.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return id;
            }
        }

        throw new EngineException(
            EngineErrorKind.Unavailable, $"ssh-agent could not be started: {Encoding.UTF8.GetString([.. said]).Trim()}");
    }

    private static async Task AddAsync(string agentPath, string privateKey, CancellationToken cancellationToken)
    {
        using var channel = ChildChannel.Create();

        // Nobody is there to be asked for a passphrase: whatever asks gets none.
        var processId = Spawner.Spawn(new SpawnRequest
        {
            Program = Find("ssh-add"),
            Arguments = ["-q", "-"],
            Environment =
            [
                $"PATH={Programs.SearchPath}",
                $"SSH_AUTH_SOCK={agentPath}",
                "SSH_ASKPASS=/bin/false",
                "SSH_ASKPASS_REQUIRE=force",
                "LC_ALL=C",
            ],
            WorkingDirectory = "/",
            Stdin = channel.Child,
            Stdout = channel.Child,
            Stderr = channel.Child,
        });
        channel.CloseChildEnd();
        var text = Encoding.UTF8.GetBytes(privateKey.ReplaceLineEndings("\n").TrimEnd() + "\n");
        await channel.Socket.SendAsync(text, cancellationToken).ConfigureAwait(false);
        channel.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Array.Clear(text);
        await channel.ReadToEndAsync(MostWords, cancellationToken).ConfigureAwait(false);
        if (ProcessCalls.Wait(processId) is not 0)
        {
            // It says no more when nobody is there to be asked.
            throw NoKey("it is damaged, or locked with a passphrase");
        }
    }

    private static string Find(string program) => Programs.Find(program) ?? throw new EngineException(
        EngineErrorKind.Unavailable, $"RUN --mount=type=ssh needs {program}, which is not installed on this host (openssh-client).");

    private static EngineException NoKey(string why) => EngineException.InvalidArgument(
        $"The SSH key of the build can't be used: {why}. Give a private key without a passphrase.");
}
