using System.CommandLine;
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
        using var client = new EngineClient(socket);
        using var body = JsonContent.Create(new Dictionary<string, string>
        {
            ["username"] = credentials.Username, ["password"] = credentials.Password, ["serveraddress"] = server,
        });
        await body.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth") { Content = body };
        using var answer = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> TellAsync(Func<Task<string>> action)
    {
        try
        {
            await output.WriteLineAsync(await action().ConfigureAwait(false)).ConfigureAwait(false);
            return 0;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.Unavailable)
        {
            await error.WriteLineAsync($"The login can't be tested. {failure.Message} Or keep it with --untested.").ConfigureAwait(false);
            return Failed;
        }
        catch (Exception failure) when (failure is EngineException or IOException or HttpRequestException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return Failed;
        }
    }
}
