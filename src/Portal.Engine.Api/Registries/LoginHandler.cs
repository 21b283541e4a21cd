using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Registries.Models;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Registries;

/// <summary>Login. The client keeps the credentials; logging out is its business alone.</summary>
internal sealed class LoginHandler(IRegistries registries)
{
    public async Task LoginAsync(HttpContext context)
    {
        var model = await DockerJson.ReadAsync(context, DockerJsonContext.Default.AuthModel).ConfigureAwait(false);
        var credentials = RegistryAuth.From(model);
        if (credentials.IsEmpty)
        {
            throw EngineException.InvalidArgument("Bad parameters: neither a user name nor a token was given.");
        }

        var token = await registries.LoginAsync(model.ServerAddress, credentials, context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, new AuthAnswer("Login Succeeded", token ?? ""), DockerJsonContext.Default.AuthAnswer)
            .ConfigureAwait(false);
    }
}
