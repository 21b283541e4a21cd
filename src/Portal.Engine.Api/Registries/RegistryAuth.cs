using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Registries.Models;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Registries;

/// <summary>Reads credentials of requests. What is malformed is refused without repeating it: it may be a secret.</summary>
internal static class RegistryAuth
{
    private const string Header = "X-Registry-Auth";
    private const int MaxLength = 64 * 1024;

    /// <summary>The credentials of the header, or null when there are none.</summary>
    /// <exception cref="EngineException">InvalidArgument: malformed.</exception>
    public static RegistryCredentials? Read(HttpContext context)
    {
        var text = context.Request.Headers[Header].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        var credentials = From(Parse(text));
        return credentials.IsEmpty ? null : credentials;
    }

    /// <summary>The logins of a build by registry (<c>X-Registry-Config</c>); none without the header.</summary>
    /// <exception cref="EngineException">InvalidArgument: malformed.</exception>
    public static IReadOnlyDictionary<string, RegistryCredentials> ReadAll(HttpContext context)
    {
        var text = context.Request.Headers["X-Registry-Config"].ToString();
        if (text.Length == 0)
        {
            return new Dictionary<string, RegistryCredentials>();
        }

        try
        {
            var bytes = text.Length <= MaxLength
                ? Base64Url.DecodeFromChars(text.Replace('+', '-').Replace('/', '_'))
                : throw Malformed(null);
            var models = JsonSerializer.Deserialize(bytes, DockerJsonContext.Default.DictionaryStringAuthModel);
            return (models ?? []).ToDictionary(pair => pair.Key, pair => From(WithoutNulls(pair.Value)), StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            throw Malformed(failure);
        }
    }

    public static RegistryCredentials From(AuthModel model)
    {
        var (username, password) = model.Username.Length == 0 && model.Auth.Length > 0
            ? Split(model.Auth)
            : (model.Username, model.Password);
        return new RegistryCredentials
        {
            Username = username,
            Password = password,
            IdentityToken = model.IdentityToken,
            RegistryToken = model.RegistryToken,
        };
    }

    private static AuthModel Parse(string text)
    {
        try
        {
            // Both alphabets are about: the stock client writes base64url, others plain base64.
            var bytes = text.Length <= MaxLength
                ? Base64Url.DecodeFromChars(text.Replace('+', '-').Replace('/', '_'))
                : throw Malformed(null);
            return JsonSerializer.Deserialize(bytes, DockerJsonContext.Default.AuthModel) is { } model
                ? WithoutNulls(model)
                : throw Malformed(null);
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            throw Malformed(failure);
        }
    }

    private static (string Username, string Password) Split(string auth)
    {
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(auth));
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 ? (pair[..colon], pair[(colon + 1)..].TrimEnd('\0')) : throw Malformed(null);
        }
        catch (FormatException failure)
        {
            throw Malformed(failure);
        }
    }

    // In Go, null leaves a text empty.
    private static AuthModel WithoutNulls(AuthModel model) => new()
    {
        Username = model.Username ?? "",
        Password = model.Password ?? "",
        Auth = model.Auth ?? "",
        ServerAddress = model.ServerAddress ?? "",
        IdentityToken = model.IdentityToken ?? "",
        RegistryToken = model.RegistryToken ?? "",
    };

    private static EngineException Malformed(Exception? cause)
    {
        const string Message = "invalid X-Registry-Auth header: not the base64 form of a JSON document with credentials";
        return cause is null
            ? EngineException.InvalidArgument(Message)
            : new EngineException(EngineErrorKind.InvalidArgument, Message, cause);
    }
}
