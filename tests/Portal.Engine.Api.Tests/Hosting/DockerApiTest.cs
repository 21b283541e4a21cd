using System.Text.Json.Nodes;

namespace Portal.Engine.Api.Tests.Hosting;

/// <summary>A host of fakes for each test.</summary>
public abstract class DockerApiTest : IAsyncLifetime
{
    internal DockerApiHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await DockerApiHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>A status and the message of an error body.</summary>
    internal static async Task<(int Status, string Message)> ReadErrorAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            return ((int)response.StatusCode, (string)JsonNode.Parse(text)!["message"]!);
        }
    }
}
