// What a renderer drew is told in these types alone; they may change with the framework, and this file then with them.
#pragma warning disable BL0006
using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;
using Radzen;

namespace Portal.Web.Tests.Support;

/// <summary>
/// Draws a page as a circuit does, without a browser: what it drew can be read, and its events raised. The browser's part of an address
/// change is <see cref="SlowNavigation"/>.
/// </summary>
/// <remarks>Members are for the page's dispatcher: use <see cref="DoAsync"/>.</remarks>
public sealed class PageHost : Renderer
{
    private readonly IServiceProvider _services;
    private readonly List<Exception> _failures = [];
    private int _root;

    private PageHost(IServiceProvider services)
        : base(services, NullLoggerFactory.Instance)
    {
        _services = services;
    }

    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    protected override RendererInfo RendererInfo { get; } = new("Server", isInteractive: true);

    /// <summary>Opens a page.</summary>
    /// <param name="address">Where it stands, such as <c>images?q=web</c>.</param>
    /// <param name="fleet">What there is.</param>
    /// <param name="access">What the user may.</param>
    /// <param name="add">What the page needs besides.</param>
    public static async Task<(PageHost Host, TPage Page, SlowNavigation Navigation)> OpenAsync<TPage>(
        string address, IFleet fleet, EffectiveAccess access, Action<IServiceCollection> add)
        where TPage : IComponent
    {
        var navigation = new SlowNavigation(address);
        var claims = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString())], "test");
        var user = new AuthenticationState(new ClaimsPrincipal(claims));
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(fleet)
            .AddSingleton<IAuthorizer>(new FixedAccess(access))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<NavigationManager>(navigation)
            .AddSingleton<IJSRuntime, BrowserWindow>()
            .AddSingleton<DialogService>()
            .AddSingleton<NotificationService>()
            .AddSingleton<PortalDialogs>()
            .AddCascadingValue(_ => Task.FromResult(user));
        services.AddSupplyValueFromQueryProvider();
        add(services);
        var host = new PageHost(services.BuildServiceProvider());
        var page = await host.Dispatcher.InvokeAsync(async () =>
        {
            var component = host.InstantiateComponent(typeof(TPage));
            host._root = host.AssignRootComponentId(component);
            await host.RenderRootComponentAsync(host._root);
            return (TPage)component;
        });
        host.Check();
        return (host, page, navigation);
    }

    /// <summary>Does something on the page's dispatcher, and passes on what went wrong there.</summary>
    public async Task<T> DoAsync<T>(Func<PageHost, T> work)
    {
        var result = await Dispatcher.InvokeAsync(() => work(this));
        Check();
        return result;
    }

    /// <summary>Tells a virtualised list what of it is in view, as the browser does.</summary>
    /// <param name="first">The topmost row.</param>
    /// <param name="rows">How many the list has.</param>
    public Task ScrollAsync(int first, int rows) => Dispatcher.InvokeAsync(() =>
    {
        // Between the spaces above and below them stand the rows that are drawn; only those spaces have a style.
        var drawn = Elements().Count(element => element.Name == "tr" && !element.Attributes.ContainsKey("style")) - 1;
        ((BrowserWindow)_services.GetRequiredService<IJSRuntime>()).Scroll(first, rows, drawn);
    });

    /// <summary>All that is drawn now, in the order of the page.</summary>
    public IReadOnlyList<DrawnElement> Elements()
    {
        var elements = new List<DrawnElement>();
        Collect(_root, elements, []);
        return elements;
    }

    /// <summary>The one element that has the attribute.</summary>
    public DrawnElement Find(string attribute, string value) =>
        Elements().Single(element => element.Attributes.GetValueOrDefault(attribute) is { } found && Equals(found.ToString(), value));

    /// <summary>Raises an event of an element, without waiting for what it starts.</summary>
    public Task RaiseAsync(DrawnElement element, string name, object? value)
    {
        var arguments = name == "onclick" ? (EventArgs)new MouseEventArgs() : new ChangeEventArgs { Value = value };
        return Dispatcher.InvokeAsync(() => DispatchEventAsync(element.Events[name], null, arguments));
    }

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;

    protected override void HandleException(Exception exception) => _failures.Add(exception);

    private void Collect(int component, List<DrawnElement> elements, Stack<DrawnElement> open)
    {
        var frames = GetCurrentRenderTreeFrames(component);
        Collect(frames.Array.AsSpan(0, frames.Count).ToArray(), elements, open);
    }

    private void Collect(RenderTreeFrame[] frames, List<DrawnElement> elements, Stack<DrawnElement> open)
    {
        for (var at = 0; at < frames.Length; at++)
        {
            var frame = frames[at];
            switch (frame.FrameType)
            {
                case RenderTreeFrameType.Element:
                    var element = new DrawnElement(frame.ElementName);
                    elements.Add(element);
                    var inner = at + 1;
                    for (; inner < at + frame.ElementSubtreeLength && frames[inner].FrameType == RenderTreeFrameType.Attribute; inner++)
                    {
                        element.Attributes[frames[inner].AttributeName] = frames[inner].AttributeValue;
                        if (frames[inner].AttributeEventHandlerId != 0)
                        {
                            element.Events[frames[inner].AttributeName] = frames[inner].AttributeEventHandlerId;
                        }
                    }

                    open.Push(element);
                    Collect(frames[inner..(at + frame.ElementSubtreeLength)], elements, open);
                    open.Pop();
                    at += frame.ElementSubtreeLength - 1;
                    break;
                case RenderTreeFrameType.Component:
                    Collect(frame.ComponentId, elements, open);
                    at += frame.ComponentSubtreeLength - 1;
                    break;
                case RenderTreeFrameType.Text:
                    Say(open, frame.TextContent);
                    break;
                case RenderTreeFrameType.Markup:
                    Say(open, frame.MarkupContent);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Say(Stack<DrawnElement> open, string text)
    {
        foreach (var element in open)
        {
            element.Text += text;
        }
    }

    private void Check()
    {
        if (_failures.Count > 0)
        {
            throw new AggregateException(_failures);
        }
    }
}
