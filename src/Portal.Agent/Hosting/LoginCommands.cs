using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;

namespace Portal.Agent.Hosting;

/// <summary><c>login</c> and <c>logout</c>: this host's own logins to registries, for what it fetches by itself and for mirrors.</summary>
internal sealed class LoginCommands(TextWriter output, TextWriter error)
{
    private const int Failed = 1;
    private readonly Argument<string> _server = new("server") { Description = "The registry or mirror: registry.example.com:5000, docker.io." };
    private readonly Option<string> _user = new("--username") { Description = "The account.", Aliases = { "-u" }, Required = true };
    private readonly Option<FileInfo?> _file = new("--password-file") { Description = "A file that holds the password or token." };

    private readonly Option<bool> _untested = new("--untested")
    {
        Description = "Keep it without asking the registry, which needs an agent that runs.",
    };

    public Command MakeLogin(Func<ParseResult, AgentSettings> read)
    {
        const string Description =
            "Keeps a login to a registry, encrypted, for pulls that bring none. The password comes from --password-file or the input.";
        var command = new Command("login", Description) { _server, _user, _file, _untested };
        command.SetAction((result, cancellationToken) => TellAsync(() => LoginAsync(read(result), result, cancellationToken)));
        return command;
    }

    public Command MakeLogout(Func<ParseResult, AgentSettings> read)
    {
        var command = new Command("logout", "Forgets the login to a registry.") { _server };
        command.SetAction((result, cancellationToken) => TellAsync(async () =>
        {
            var server = result.GetRequiredValue(_server);
            var logins = new RegistryLogins(read(result).Paths.RegistryLogins);
            return await logins.RemoveAsync(server, cancellationToken).ConfigureAwait(false)
                ? $"The login to {server} is forgotten."
                : $"This host keeps no login to {server}.";
        }));
        return command;
    }

    private async Task<string> LoginAsync(AgentSettings settings, ParseResult result, CancellationToken cancellationToken)
    {
        var server = result.GetRequiredValue(_server);
        var password = result.GetValue(_file) is { } file
            ? await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false)
            : await Console.In.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        var credentials = new RegistryCredentials
        {
            Username = result.GetRequiredValue(_user), Password = password.TrimEnd('\r', '\n'),
        };
        if (!result.GetValue(_untested))
        {
            await TestAsync(settings.Paths.DockerSocket, server, credentials, cancellationToken).ConfigureAwait(false);
        }

        var kept = await new RegistryLogins(settings.Paths.RegistryLogins)
            .SaveAsync(server, credentials, cancellationToken).ConfigureAwait(false);
        return $"The login of '{credentials.Username}' to {kept} is kept, encrypted.";
    }

    /// <summary>Has the agent that runs prove it, as <c>docker login</c> would.</summary>
    private static async Task TestAsync(string socket, string server, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token).ConfigureAwait(false);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });
        using var body = JsonContent.Create(new Dictionary<string, string>
        {
            ["username"] = credentials.Username, ["password"] = credentials.Password, ["serveraddress"] = server,
        });
        await body.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        using var answer = await client.PostAsync(new Uri("http://docker/auth"), body, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            throw new EngineException(EngineErrorKind.Unauthenticated, document.RootElement.GetProperty("message").GetString() ?? "");
        }
    }

    private async Task<int> TellAsync(Func<Task<string>> action)
    {
        try
        {
            await output.WriteLineAsync(await action().ConfigureAwait(false)).ConfigureAwait(false);
            return 0;
        }
        catch (HttpRequestException failure)
        {
            const string Help = "Start the agent, or keep it with --untested.";
            await error.WriteLineAsync($"The agent that should test the login does not answer: {failure.Message} {Help}").ConfigureAwait(false);
            return Failed;
        }
        catch (Exception failure) when (failure is EngineException or IOException or JsonException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return Failed;
        }
    }
}
