using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>A delivery with all that is kept of it.</summary>
public sealed partial class DeliveryPage
{
    // The page is drawn through the circuit: what is longer than a screen's worth of scrolling is cut.
    private const int LongestBody = 128 * 1024;

    // Angle brackets of people's names are read, not run: the page encodes what it draws.
    private static readonly JsonSerializerOptions s_indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private WebhookDelivery? _delivery;
    private IReadOnlyDictionary<string, string> _headers = new Dictionary<string, string>();
    private string? _body;

    [Parameter]
    public Guid DeliveryId { get; set; }

    // What is finished stays as it is.
    protected override bool IsFinal => _delivery is { FinishedAt: not null };

    protected override async Task ReadMoreAsync()
    {
        _delivery = await Directory.FindDeliveryAsync(User, HookId, DeliveryId, Closed);
        _headers = _delivery is null ? new Dictionary<string, string>() : HeaderMask.Parse(_delivery.Headers);
        _body = _delivery?.Body is { } body ? Show(body) : null;
    }

    private static string Show(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        try
        {
            using var document = JsonDocument.Parse(body);
            text = JsonSerializer.Serialize(document.RootElement, s_indented);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentException)
        {
            // As it came: a form, or what can't be read.
        }

        return text.Length <= LongestBody ? text : text[..LongestBody] + "\n" + T("... and {0:N0} characters more", text.Length - LongestBody);
    }

    private Task RedeliverAsync() => DoAsync(async () =>
    {
        if (await Directory.RedeliverAsync(User, HookId, DeliveryId, CancellationToken.None) is { } again)
        {
            Navigation.NavigateTo($"webhooks/{HookId}/deliveries/{again}");
        }

        return null;
    });
}
