using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Portal.Testing;
using Portal.Web.Health;

namespace Portal.Web.Tests.Health;

public sealed class StoppingTests
{
    [Fact]
    public async Task Request_WhileThePortalStops_IsRefused()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseRefusalWhileStopping();
        app.MapGet("/", () => "here");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("here", await client.GetStringAsync("/"));

        Task<HttpResponseMessage>? late = null;
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            late = client.GetAsync("/");
            late.Wait(TestSettings.Within(TimeSpan.FromSeconds(10)));
        });
        await app.StopAsync();

        using var answer = await late!;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
