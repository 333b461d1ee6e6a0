/// How a published page looks. It stands in the page itself, under a hash that the page's policy
/// names.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;--paper:#f8f6f2;--sheet:#fff;--ink:#1f1b16;--soft:#655d52;\
    --line:#ddd5c8;--accent:#9c4414;--plain:#cfc7ba;--code:#f1ece3;--shade:0 1px 2px #0001,0 8px 24px #0000000d}
    @media (prefers-color-scheme:dark){:root{--paper:#14120f;--sheet:#1e1b17;--ink:#efeae2;\
    --soft:#b0a799;--line:#3a342c;--accent:#f2a868;--plain:#4a443b;--code:#292520;--shade:none}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);\
    font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
    a{color:var(--accent);text-underline-offset:.15em}
    a:hover{text-decoration-thickness:2px}
    :focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:4px}
    h1,h2,h3{line-height:1.2;margin:0;letter-spacing:-.015em;text-wrap:balance}
    h2{font-size:1.6rem;margin:0 0 1.5rem}
    h3{font-size:1.2rem}
    p{margin:0}
    ul,ol,dl{margin:0;padding:0;list-style:none}
    code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
    video,img{display:block;width:100%;height:auto;background:#000}
    .wide{max-width:72rem;margin:0 auto;padding:0 1.25rem}
    .skip{position:absolute;left:-99rem;background:#fff;color:#000;padding:.75rem 1rem;z-index:3}
    .skip:focus{left:1rem;top:1rem}
    .soft{color:var(--soft)}
    .small{font-size:.875rem}

    .hero{--ink:#f4efe7;--soft:#b9b0a2;--accent:#f5b47c;--line:#4a4237;--plain:#6a6053;color:var(--ink);\
    background:#17140f radial-gradient(80rem 34rem at 70% 0,#42301c 0,#17140f 75%)}
    .film{height:26px;background:repeating-linear-gradient(90deg,#0000 0 12px,#f4efe726 12px 28px,#0000 28px 40px) 0 7px/100% 12px no-repeat,#0c0a08}
    .hero .wide{padding-top:3rem;padding-bottom:3rem}
    .eyebrow{font-size:.8rem;font-weight:600;letter-spacing:.12em;text-transform:uppercase;color:var(--accent)}
    .hero h1{font-size:clamp(2rem,7vw,3.6rem);margin:.4rem 0 .6rem;letter-spacing:-.03em}
    .lead{font-size:1.1rem;color:var(--soft)}
    .stage{display:grid;gap:2rem;margin-top:2.25rem;align-items:start}
    .screen{border-radius:10px;overflow:hidden;box-shadow:0 20px 60px #000a,0 0 0 1px #fff2;background:#000}
    .screen video{max-height:70vh;object-fit:contain}
    .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:1rem 1.5rem}
    .facts dt{font-size:.8rem;color:var(--soft)}
    .facts dd{margin:0;font-weight:600}
    .facts .long{grid-column:1/-1}
    .facts .mono{font-weight:400;font-size:.8rem}
    .jump{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1.5rem}
    .jump a,.chip{display:inline-block;max-width:100%;padding:.25rem .75rem;border:1px solid var(--line);border-radius:99px;\
    font-size:.875rem;text-decoration:none;color:inherit}
    .jump a{padding:.5rem 1rem;max-width:16rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    .jump a:hover,a.chip:hover{border-color:var(--accent)}

    section{padding:3.5rem 0 0;scroll-margin-top:0}
    footer{margin-top:4rem;padding:1.75rem 0 2.5rem;border-top:1px solid var(--line)}
    .card{background:var(--sheet);border:1px solid var(--line);border-radius:14px;padding:1.25rem;box-shadow:var(--shade)}
    .card+.card{margin-top:1.5rem}
    .card header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;margin-bottom:1rem}
    .card header h3{font-size:1.35rem}
    .looks{display:grid;gap:1.25rem;align-items:start}
    .looks>*{min-width:0}
    .caption{margin-top:.5rem;font-size:.875rem;color:var(--soft)}
    .clip video{border-radius:8px}
    .none{padding:2.5rem 1.25rem;text-align:center;border:1px dashed var(--line);border-radius:8px;color:var(--soft)}

    .wipe{position:relative;display:grid;grid-template-columns:1fr 1fr;gap:.5rem;margin:0;--at:50%}
    .wipe figure{margin:0;min-width:0}
    .wipe img{border-radius:8px}
    .wipe figcaption{margin-top:.35rem;font-size:.875rem;color:var(--soft)}
    .wipe .control{display:none}
    .wipe.live{display:block;border-radius:8px;overflow:hidden;isolation:isolate;touch-action:pan-y}
    .wipe.live img{border-radius:0}
    .wipe.live .after{position:absolute;inset:0;clip-path:inset(0 0 0 var(--at))}
    .wipe.live figcaption{position:absolute;bottom:.6rem;margin:0;max-width:44%;padding:.15rem .6rem;border-radius:99px;\
    background:#000b;color:#fff;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
    .wipe.live .before figcaption{left:.6rem}
    .wipe.live .after figcaption{right:.6rem}
    .wipe.live .control{display:block;position:absolute;inset:0;cursor:ew-resize}
    .wipe.live input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:ew-resize;touch-action:pan-y}
    .wipe.live::before{content:"";position:absolute;z-index:1;top:0;bottom:0;left:var(--at);width:2px;margin-left:-1px;background:#fff;\
    box-shadow:0 0 0 1px #0006;pointer-events:none}
    .wipe.live::after{content:"\\2039\\2009\\203a";position:absolute;z-index:1;top:50%;left:var(--at);width:44px;height:44px;margin:-22px 0 0 -22px;\
    border-radius:50%;background:#fff;color:#17140f;font:700 22px/40px system-ui,sans-serif;text-align:center;\
    box-shadow:0 2px 10px #0008,0 0 0 1px #0003;pointer-events:none}
    .wipe.live:has(:focus-visible){outline:3px solid var(--accent);outline-offset:3px}
    .wipe.live:has(:focus-visible)::after{background:#17140f;color:#fff;box-shadow:0 0 0 3px #fff}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

    .track{margin-top:1.25rem}
    .strip{display:block;width:100%;height:26px;border-radius:6px;background:var(--plain)}
    .strip .plain{fill:var(--plain)}
    .ends{display:flex;justify-content:space-between;font-size:.8rem;color:var(--soft);margin-top:.3rem;font-variant-numeric:tabular-nums}
    .legend{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;margin-top:.5rem;font-size:.875rem}
    .legend svg,.recipe h3 svg,.chip svg{width:.85em;height:.85em;border-radius:3px;margin-right:.45em;vertical-align:-.06em}

    .recipes{display:grid;gap:1.25rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));align-items:start}
    .recipe.card+.recipe.card{margin-top:0}
    .recipe p{margin-top:.35rem}
    .recipe .what{display:block;margin-top:.8rem;padding:.6rem .75rem;border-radius:8px;background:var(--code);max-height:9rem;overflow:auto}
    details{margin-top:.8rem}
    summary{cursor:pointer;padding:.25rem 0;font-size:.875rem}
    pre{margin:.5rem 0;padding:.75rem;max-height:22rem;overflow:auto;border-radius:8px;background:var(--code);white-space:pre-wrap}

    .passes{border-left:2px solid var(--line);margin-left:.45rem}
    .passes li{position:relative;padding:0 0 1.75rem 1.5rem}
    .passes>li::before{content:"";position:absolute;left:-.5rem;top:.42rem;width:.85rem;height:.85rem;border-radius:50%;\
    background:var(--paper);border:3px solid var(--accent)}
    .passes li:target h3,.card:target h3{color:var(--accent)}
    .said{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.6rem}
    .said .chip{background:var(--sheet);font-size:.8rem}

    @media (min-width:54rem){
    .stage{grid-template-columns:minmax(0,1.7fr) minmax(0,1fr);gap:2.5rem}
    .stage.tall{grid-template-columns:minmax(0,24rem) minmax(0,1fr)}
    .card{padding:1.75rem}
    .looks.two{grid-template-columns:1fr 1fr;gap:1.75rem}
    .looks.one{grid-template-columns:minmax(0,40rem)}
    .looks.two.tall{grid-template-columns:repeat(2,minmax(0,22rem))}
    .looks.one.tall{grid-template-columns:minmax(0,22rem)}
    }
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    @media print{.wipe .control,.jump,.skip{display:none}}
    """
}
