using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>The framework's options for one provider as it is in the database now: made for each request.</summary>
internal sealed class ProviderOptions : OAuthOptions
{
    public ProviderEndpoints Endpoints { get; set; } = null!;

    public ProviderDocuments Documents { get; set; } = null!;

    public ProviderKind Kind { get; set; }

    public string Authority { get; set; } = "";

    public string GroupClaim { get; set; } = "";

    /// <summary>Hands out these whatever name they are asked for by.</summary>
    public sealed class Monitor(ProviderOptions options) : IOptionsMonitor<ProviderOptions>
    {
        public ProviderOptions CurrentValue => options;

        public ProviderOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ProviderOptions, string?> listener) => null;
    }
}
