from tests.browser.test_look import *
def test_sane(demo_pages, page, context, sign_in):
    sign_in(context, "lead")
    page.goto(demo_pages["home"][1])
    page.set_viewport_size({"width": 320, "height": 900})
    page.evaluate("""() => { const d=document.createElement('div'); d.textContent='坏坏坏'; d.className='bad'; d.style.cssText='width:900px;color:#ddd;background:#fff'; document.querySelector('main').append(d);
      const i=document.createElement('input'); document.querySelector('main').append(i);}""")
    print(page.evaluate(OVERFLOW), grave(page))
def test_watch(demo_pages, page, context, sign_in, watched):
    sign_in(context, "lead"); watched(page)
    page.goto(demo_pages["home"][1])
    page.evaluate("() => { const i=document.createElement('img'); i.src='https://example.com/x.png'; document.body.append(i); console.error('aua'); setTimeout(()=>{throw new Error('x')},0)}")
    page.wait_for_timeout(300)
