using Microsoft.AspNetCore.Components;

namespace Portal.Web.Tests.Support;

/// <summary>An address bar at the end of a slow line: what a circuit navigates to, it hears of only when the browser has done it.</summary>
public sealed class SlowNavigation : NavigationManager
{
    private readonly Queue<string> _sent = new();

    public SlowNavigation(string address) => Initialize("http://portal.test/", "http://portal.test/" + address);

    /// <summary>The address that the browser shows.</summary>
    public string Shown => ToBaseRelativePath(Uri);

    /// <summary>How many navigations the browser has not done yet.</summary>
    public int Waiting => _sent.Count;

    /// <summary>The browser does the oldest navigation and tells the circuit of it.</summary>
    public void Arrive() => Go(_sent.Dequeue());

    /// <summary>The user goes somewhere by a link.</summary>
    public void Follow(string address) => Go(BaseUri + address);

    protected override void NavigateToCore(string uri, NavigationOptions options) => _sent.Enqueue(ToAbsoluteUri(uri).AbsoluteUri);

    private void Go(string address)
    {
        Uri = address;
        NotifyLocationChanged(isInterceptedLink: false);
    }
}
